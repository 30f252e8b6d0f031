//! All rules together: facts, definitions, parameters and programmes, read and checked at once for
//! every day on which something changes.

use std::sync::Arc;

use crate::compile::{self, Compiled};
use crate::parameter::Parameters;
use crate::parse::file::{Definition, Programme, definitions, programme};
use crate::problem::{Place, Problem, Problems, did_you_mean, nearest};
use crate::registry::Registry;
use crate::yaml::Source;

/// The files built into the program.
const SHIPPED: &[(&str, &str)] = &include!(concat!(env!("OUT_DIR"), "/shipped.rs"));

/// The rules that ship with Maeul, as files.
pub fn shipped() -> Vec<Source> {
    SHIPPED.iter().map(|(name, text)| Source::new(name, text)).collect()
}

/// All rules.
#[derive(Clone, Debug)]
pub struct Library {
    /// The facts a rule may ask for.
    pub registry: Arc<Registry>,
    /// The numbers of the law.
    pub parameters: Parameters,
    /// Shared formulas.
    pub definitions: Arc<Vec<Definition>>,
    /// The programmes, by identifier.
    pub programmes: Arc<Vec<Programme>>,
    /// The worked examples, as files.
    pub examples: Vec<Source>,
}

impl Library {
    /// Reads files by their folders: `facts.yaml`, `definitions/`, `parameters/`, `programmes/`,
    /// `programmes/tests/`. Every version of every rule is compiled, so that nothing is found wrong
    /// only when somebody asks.
    ///
    /// # Errors
    /// Everything that is wrong, by file, line and column.
    pub fn load(sources: &[Source]) -> Result<Self, Problems> {
        let of = |folder: &str| -> Vec<Source> {
            sources.iter().filter(|source| source.is_in(folder)).cloned().collect()
        };
        let facts: Vec<Source> =
            sources.iter().filter(|source| source.stem() == "facts").cloned().collect();
        if facts.is_empty() {
            return Err(Problem::new(
                &Place::file("facts.yaml"),
                "사실 목록 facts.yaml이 없습니다.",
                "The list of facts, facts.yaml, is missing.",
            )
            .into());
        }
        let formulas = of("definitions");
        let registry = Arc::new(Registry::load(&facts, &formulas)?);
        let parameters = Parameters::load(&of("parameters"), &registry)?;
        let mut problems = Problems::default();
        let mut shared: Vec<Definition> = vec![];
        for source in &formulas {
            let read = definitions(source, &mut problems);
            for definition in problems.keep(read).unwrap_or_default() {
                let taken = registry.fact(&definition.id).is_some_and(|(_, def)| !def.given)
                    || shared.iter().any(|known| known.id == definition.id);
                if taken {
                    problems.0.push(Problem::new(
                        &definition.place,
                        format!("`{}`은(는) 이미 있는 이름입니다.", definition.id),
                        format!("The name `{}` is taken.", definition.id),
                    ));
                } else {
                    shared.push(definition);
                }
            }
        }
        let mut programmes: Vec<Programme> = vec![];
        for source in of("programmes") {
            if let Some(read) = problems.keep(programme(&source)) {
                programmes.push(read);
            }
        }
        programmes.sort_by(|a, b| a.id.cmp(&b.id));
        let library = Self {
            registry,
            parameters,
            definitions: Arc::new(shared),
            programmes: Arc::new(programmes),
            examples: of("programmes/tests"),
        };
        let library = problems.or(library)?;
        library.check()?;
        Ok(library)
    }

    /// The rules that ship with Maeul.
    ///
    /// # Errors
    /// None in a released version: a test holds them right.
    pub fn shipped() -> Result<Self, Problems> {
        Self::load(&shipped())
    }

    /// Compiles everything on each day on which a rule, formula or parameter begins.
    fn check(&self) -> Result<(), Problems> {
        let rules = self
            .programmes
            .iter()
            .flat_map(|programme| programme.versions.iter().map(|version| version.period.from));
        let formulas = self
            .definitions
            .iter()
            .flat_map(|definition| definition.versions.iter().map(|(dates, ..)| dates.from));
        let values = self
            .parameters
            .iter()
            .flat_map(|parameter| parameter.values.iter().map(|dated| dated.from));
        let first = rules.clone().min().unwrap_or_default();
        let mut days: Vec<i64> =
            rules.chain(formulas).chain(values).filter(|day| *day >= first).collect();
        days.sort_unstable();
        days.dedup();
        let mut problems = Problems::default();
        for day in days {
            if let Err(found) = self.compile(day) {
                problems.0.extend(found.0);
            }
        }
        problems.or(())
    }

    /// All programmes, for a day (yyyymmdd).
    ///
    /// # Errors
    /// What is wrong in the rules in force on that day.
    pub fn compile(&self, on: i64) -> Result<Compiled, Problems> {
        let all: Vec<&Programme> = self.programmes.iter().collect();
        compile::compile(&self.registry, &self.definitions, &self.parameters, &all, on)
    }

    /// Only these programmes, for a day (yyyymmdd).
    ///
    /// # Errors
    /// A programme that does not exist, or what is wrong in the rules in force on that day.
    pub fn compile_only(&self, ids: &[String], on: i64) -> Result<Compiled, Problems> {
        let mut chosen = vec![];
        for id in ids {
            chosen.push(self.programme(id)?);
        }
        compile::compile(&self.registry, &self.definitions, &self.parameters, &chosen, on)
    }

    /// The programme of that name.
    ///
    /// # Errors
    /// There is none.
    pub fn programme(&self, id: &str) -> Result<&Programme, Problem> {
        self.programmes.iter().find(|programme| programme.id == id).ok_or_else(|| {
            let (ko, en) = did_you_mean(nearest(
                id,
                self.programmes.iter().map(|programme| programme.id.as_str()),
            ));
            Problem::new(
                &Place::file("programmes"),
                format!("사업 `{id}`이(가) 없습니다.{ko}"),
                format!("There is no programme `{id}`.{en}"),
            )
        })
    }
}
