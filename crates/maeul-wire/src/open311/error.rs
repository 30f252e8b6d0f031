//! Both forms of an error: `<errors><error>` and an array of `{code, description}`.

use super::node::{Fields, Format, Node};
use super::tree::Tree;

/// One thing that is wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// The HTTP status, or a finer code that begins with it.
    pub code: String,
    /// What is wrong and what to do.
    pub description: String,
}

/// Everything that is wrong with one call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Errors {
    /// The HTTP status: 404 for what does not exist, 403 for keys, 400 for all else.
    pub status: u16,
    /// At least one.
    pub problems: Vec<Problem>,
}

impl Errors {
    /// One problem.
    pub fn one(status: u16, description: impl Into<String>) -> Self {
        let problem = Problem { code: status.to_string(), description: description.into() };
        Self { status, problems: vec![problem] }
    }

    /// Several, all of the same status.
    pub fn all(status: u16, descriptions: impl IntoIterator<Item = String>) -> Self {
        let problems = descriptions
            .into_iter()
            .map(|description| Problem { code: status.to_string(), description })
            .collect();
        Self { status, problems }
    }

    /// As it goes out.
    pub fn write(&self, format: Format) -> String {
        let items = self.problems.iter().map(|problem| {
            Fields::default()
                .text("code", &problem.code)
                .text("description", &problem.description)
                .done()
        });
        Node::List("error", items.collect()).write("errors", format)
    }

    /// As it came in, with the status of its answer.
    pub fn read(status: u16, tree: &Tree) -> Self {
        let problems = tree
            .items("error")
            .iter()
            .map(|it| Problem {
                code: it.text("code").unwrap_or_default(),
                description: it.text("description").unwrap_or_default(),
            })
            .collect();
        Self { status, problems }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_forms_are_read_back() {
        let errors = Errors::all(400, ["no <lat>".to_owned(), "no key & more".to_owned()]);
        assert_eq!(
            errors.write(Format::Json),
            r#"[{"code":"400","description":"no <lat>"},{"code":"400","description":"no key & more"}]"#
        );
        assert!(errors.write(Format::Xml).contains(
            "<errors><error><code>400</code><description>no &lt;lat&gt;</description></error>"
        ));
        for format in [Format::Xml, Format::Json] {
            let tree = Tree::read(&errors.write(format), format).unwrap();
            assert_eq!(Errors::read(400, &tree), errors, "{format:?}");
        }
    }
}
