//! A count as one HTML page that needs nothing else: Korean first, English beside it, charts with a table each, no
//! script, for screens of any width and for paper.

mod outcome;
mod scheme;
mod svg;

use std::fmt::Write as _;

pub use outcome::html;
pub use scheme::scheme_html;

const STYLE: &str = include_str!("style.css");

/// Bars beyond this many are left to the table.
const SHOWN: usize = 60;

/// Text for HTML, in elements and in attributes.
fn escaped(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            '\'' => safe.push_str("&#39;"),
            other => safe.push(other),
        }
    }
    safe
}

/// Korean, then English in its own element.
fn both(ko: &str, en: &str) -> String {
    if ko == en {
        return escaped(ko);
    }
    format!(r#"{} <span class="en" lang="en">{}</span>"#, escaped(ko), escaped(en))
}

/// Both where no element may stand.
fn both_plain([ko, en]: [&str; 2]) -> String {
    format!("{} / {}", escaped(ko), escaped(en))
}

/// The page.
struct Page {
    body: String,
    title: String,
}

impl Page {
    fn new(title: &str, subtitle: [&str; 2]) -> Self {
        let mut page = Self { body: String::new(), title: title.to_owned() };
        page.add(&format!("<header><h1>{}</h1>", escaped(title)));
        page.add(&format!("<p>{}</p></header><main>", both(subtitle[0], subtitle[1])));
        page
    }

    fn add(&mut self, html: &str) {
        self.body.push_str(html);
        self.body.push('\n');
    }

    fn heading(&mut self, ko: &str, en: &str) {
        self.add(&format!("<h2>{}</h2>", both(ko, en)));
    }

    /// Names and values; a value is HTML.
    fn facts(&mut self, facts: &[([&str; 2], String)]) {
        let mut list = String::from("<dl>");
        for ([ko, en], value) in facts {
            let long = value.contains("<code");
            let (wide, text) = if long { (" class=\"wide\"", " class=\"text\"") } else { ("", "") };
            let _infallible =
                write!(list, "<div{wide}><dt>{}</dt><dd{text}>{value}</dd></div>", both(ko, en));
        }
        list.push_str("</dl>");
        self.add(&list);
    }

    fn legend(&mut self, entries: &[(&str, String)]) {
        let mut list = String::from("<ul class=\"legend\">");
        for (class, words) in entries {
            let _infallible = write!(
                list,
                "<li><span class=\"key {class}\" aria-hidden=\"true\"></span>{words}</li>"
            );
        }
        list.push_str("</ul>");
        self.add(&list);
    }

    fn figure(&mut self, svg: &str) {
        self.add(&format!("<figure>{svg}</figure>"));
    }

    /// A table; cells are HTML. `numbers` says which columns are numbers.
    fn table(&mut self, caption: [&str; 2], head: &[[&str; 2]], numbers: &[bool], rows: &[Row]) {
        let label = both_plain(caption);
        let mut table = format!(
            r#"<div class="scroll" role="region" tabindex="0" aria-label="{label}"><table role="table"><caption>{}</caption><thead role="rowgroup"><tr role="row">"#,
            both(caption[0], caption[1])
        );
        let class = |column: usize| {
            if numbers.get(column) == Some(&true) { " class=\"number\"" } else { "" }
        };
        for (column, [ko, en]) in head.iter().enumerate() {
            let _infallible = write!(
                table,
                r#"<th scope="col" role="columnheader"{}>{}</th>"#,
                class(column),
                both(ko, en)
            );
        }
        table.push_str("</tr></thead><tbody role=\"rowgroup\">");
        for row in rows {
            let class_out = if row.out { " class=\"out\"" } else { "" };
            let _infallible = write!(table, "\n<tr role=\"row\"{class_out}>");
            for (column, cell) in row.cells.iter().enumerate() {
                let class = match cell {
                    Cell::Name(_) => " class=\"name\"",
                    Cell::Why(_) => " class=\"why\"",
                    Cell::Plain(_) => class(column),
                };
                let (Cell::Name(html) | Cell::Why(html) | Cell::Plain(html)) = cell;
                // On a telephone rows are blocks: each cell says its column, and the roles stay.
                let label = head.get(column).map_or("", |[ko, _]| *ko);
                let label = escaped(label);
                let _infallible =
                    write!(table, r#"<td role="cell"{class} data-label="{label}">{html}</td>"#);
            }
            table.push_str("</tr>");
        }
        table.push_str("</tbody></table></div>");
        self.add(&table);
    }

    fn finish(self) -> String {
        format!(
            "<!doctype html>\n<html lang=\"ko\">\n<head>\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>{}</title>\n<style>\n{STYLE}</style>\n</head>\n<body>\n{}</main>\n</body>\n</html>\n",
            escaped(&self.title),
            self.body
        )
    }
}

/// A row of a table.
struct Row {
    cells: Vec<Cell>,
    /// About a project that was not selected.
    out: bool,
}

/// HTML of one cell.
enum Cell {
    Plain(String),
    Name(String),
    Why(String),
}
