//! The text form of Prometheus, version 0.0.4.

use std::fmt::{Display, Write as _};

use crate::{BOUNDS, Histogram};

/// Labels of one line: name and value.
type Labels<'a> = &'a [(&'a str, &'a str)];

/// The page a monitoring system reads.
#[derive(Debug, Default)]
pub struct Exposition {
    text: String,
}

impl Exposition {
    /// Its content type.
    pub const CONTENT_TYPE: &'static str = "text/plain; version=0.0.4; charset=utf-8";

    /// An empty page.
    pub fn new() -> Self {
        Self::default()
    }

    /// Values that only grow; `name` ends in `_total`.
    pub fn counters<'a, V: Display>(
        &mut self,
        name: &str,
        help: &str,
        values: impl IntoIterator<Item = (Labels<'a>, V)>,
    ) {
        self.values(name, "counter", help, values);
    }

    /// Values that go up and down.
    pub fn gauges<'a, V: Display>(
        &mut self,
        name: &str,
        help: &str,
        values: impl IntoIterator<Item = (Labels<'a>, V)>,
    ) {
        self.values(name, "gauge", help, values);
    }

    /// Histograms of one name; `name` ends in `_seconds`.
    pub fn histogram<'a>(
        &mut self,
        name: &str,
        help: &str,
        values: impl IntoIterator<Item = (Labels<'a>, &'a Histogram)>,
    ) {
        self.head(name, "histogram", help);
        for (labels, histogram) in values {
            let counts =
                histogram.steps.iter().map(|it| it.load(std::sync::atomic::Ordering::Relaxed));
            let mut sum = 0;
            for (step, count) in counts.enumerate() {
                sum += count;
                let bound = BOUNDS.get(step).map_or_else(|| "+Inf".to_owned(), |it| seconds(*it));
                let with_bound = [labels, &[("le", bound.as_str())]].concat();
                self.line(&format!("{name}_bucket"), &with_bound, sum);
            }
            let micros = histogram.micros.load(std::sync::atomic::Ordering::Relaxed);
            self.line(&format!("{name}_sum"), labels, seconds(micros));
            self.line(&format!("{name}_count"), labels, sum);
        }
    }

    /// What has been written.
    pub fn text(self) -> String {
        self.text
    }

    fn values<'a, V: Display>(
        &mut self,
        name: &str,
        kind: &str,
        help: &str,
        values: impl IntoIterator<Item = (Labels<'a>, V)>,
    ) {
        self.head(name, kind, help);
        for (labels, value) in values {
            self.line(name, labels, value);
        }
    }

    fn head(&mut self, name: &str, kind: &str, help: &str) {
        // Writing into a String cannot fail.
        let _ = writeln!(self.text, "# HELP {name} {help}\n# TYPE {name} {kind}");
    }

    fn line(&mut self, name: &str, labels: Labels<'_>, value: impl Display) {
        self.text.push_str(name);
        for (index, (label, said)) in labels.iter().enumerate() {
            let said = said.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n");
            let open = if index == 0 { '{' } else { ',' };
            let _ = write!(self.text, "{open}{label}=\"{said}\"");
        }
        if !labels.is_empty() {
            self.text.push('}');
        }
        let _ = writeln!(self.text, " {value}");
    }
}

/// Microseconds as seconds, without a float and without zeros at the end.
fn seconds(micros: u64) -> String {
    let text = format!("{}.{:06}", micros / 1_000_000, micros % 1_000_000);
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_are_escaped() {
        let mut page = Exposition::new();
        page.gauges("up", "Whether it is up.", [(&[("a", "say \"\\\n\""), ("b", "2")][..], 1)]);
        assert_eq!(
            page.text(),
            "# HELP up Whether it is up.\n# TYPE up gauge\nup{a=\"say \\\"\\\\\\n\\\"\",b=\"2\"} 1\n"
        );
    }

    #[test]
    fn seconds_are_exact() {
        for (micros, said) in [(0, "0"), (1_000, "0.001"), (2_500_000, "2.5"), (10_000_000, "10")] {
            assert_eq!(seconds(micros), said);
        }
    }
}
