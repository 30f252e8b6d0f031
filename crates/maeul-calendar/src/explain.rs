//! The due time with its steps: the count walked day by day, independently of the fast path.

use jiff::Timestamp;
use maeul_base::Lang;

use crate::day::{self, DAYS, Wall};
use crate::due::{Length, calendar_days, plan};
use crate::excluded::Stop;
use crate::{Arithmetic, Calendar, Closed, DueInput, DueRefusal, Step, StepKind, wording};

/// The steps so far.
pub(crate) struct Steps {
    pub(crate) steps: Vec<Step>,
    /// How the last count was done.
    pub(crate) precision: Arithmetic,
    total: i64,
}

impl Calendar {
    pub(crate) fn walk(
        &self,
        input: &DueInput,
    ) -> Result<(Timestamp, Arithmetic, Steps), DueRefusal> {
        let stops = input.stops()?;
        let received = input.start()?;
        let (arithmetic, length) = plan(self, input.calculator, input.period)?;
        let mut steps = Steps { steps: Vec::with_capacity(16), precision: arithmetic, total: 0 };
        let begin = if arithmetic == Arithmetic::D {
            steps.first_day(received.day);
            Wall { day: received.day + 1, ..received }
        } else {
            received
        };
        let mut due = self.count(begin, length, &stops, &mut steps)?;
        for period in &input.extensions {
            let (now, length) = plan(self, input.calculator, *period)?;
            steps.precision = now;
            steps.total = 0;
            steps.whole_day(due.day, StepKind::Extension, |lang| match lang {
                Lang::Ko => format!("여기까지의 기한에서 {} 연장", period.text(lang)),
                Lang::En => format!("extended from here by {}", period.text(lang)),
            });
            let begin = match length {
                Length::Seconds(_) => due,
                _ => Wall { day: due.day + 1, second: 0 },
            };
            due = self.count(begin, length, &stops, &mut steps)?;
        }
        let at = due.instant().ok_or(DueRefusal::TooFar)?;
        Ok((at, arithmetic, steps))
    }

    fn count(
        &self,
        begin: Wall,
        length: Length,
        stops: &[Stop],
        steps: &mut Steps,
    ) -> Result<Wall, DueRefusal> {
        match length {
            Length::Seconds(seconds) => self.count_hours(begin, seconds, stops, steps),
            Length::WorkingDays(days) => self.count_working_days(begin.day, days, stops, steps),
            Length::CalendarDays(_) | Length::Months(_) => {
                let days = calendar_days(begin.day, length)?;
                self.count_calendar_days(begin.day, days, stops, steps)
            }
        }
    }

    fn count_working_days(
        &self,
        begin: i64,
        days: i64,
        stops: &[Stop],
        steps: &mut Steps,
    ) -> Result<Wall, DueRefusal> {
        for day in begin..DAYS {
            if let Some(closed) = self.closed_on(day) {
                steps.closed(day, closed);
            } else if let Some(stop) = stops.iter().find(|stop| stop.covers_day(day)) {
                steps.excluded_days(day, day, stop);
            } else {
                steps.total += 1;
                let (date, total) = (day::date_of(day), steps.total);
                let local = self.counted_local(date);
                steps.push(day, StepKind::Counted, |step, lang| {
                    step.counted = true;
                    step.days = 1;
                    step.total = total;
                    wording::working_day(date, total, local.map(|it| it.name.t(lang)), lang)
                });
                if steps.total == days {
                    return Ok(Wall { day, second: self.hours.afternoon.1 });
                }
            }
        }
        Err(DueRefusal::TooFar)
    }

    fn count_calendar_days(
        &self,
        begin: i64,
        days: i64,
        stops: &[Stop],
        steps: &mut Steps,
    ) -> Result<Wall, DueRefusal> {
        let mut run = (begin, begin);
        let mut day = begin;
        while steps.total < days {
            if day >= DAYS {
                return Err(DueRefusal::TooFar);
            }
            if let Some(stop) = stops.iter().find(|stop| stop.covers_day(day)) {
                steps.calendar_days(run.0, run.1);
                let until = stop.until.day.min(DAYS - 1);
                steps.excluded_days(day, until, stop);
                day = until + 1;
                run = (day, day);
            } else {
                steps.total += 1;
                day += 1;
                run.1 = day;
            }
        }
        steps.calendar_days(run.0, run.1);
        // The last day counted moves on until it is an open day that is not taken out.
        let counted = day - 1;
        for last in counted..DAYS {
            if let Some(closed) = self.closed_on(last) {
                steps.whole_day(last, StepKind::Moved, |lang| {
                    wording::moved(&closed.text(lang), lang)
                });
            } else if let Some(stop) = stops.iter().find(|stop| stop.covers_day(last)) {
                steps.excluded_days(last, last, stop);
            } else {
                if last > counted {
                    steps.whole_day(last, StepKind::Rest, |lang| {
                        lang.t("끝나는 날", "the last day").to_owned()
                    });
                }
                return Ok(Wall { day: last, second: self.hours.afternoon.1 });
            }
        }
        Err(DueRefusal::TooFar)
    }

    fn count_hours(
        &self,
        begin: Wall,
        seconds: i64,
        stops: &[Stop],
        steps: &mut Steps,
    ) -> Result<Wall, DueRefusal> {
        let (morning, afternoon) = (self.hours.morning, self.hours.afternoon);
        for day in begin.day..DAYS {
            let since = if day == begin.day { begin.second } else { 0 };
            if let Some(closed) = self.closed_on(day) {
                steps.closed(day, closed);
                continue;
            }
            if let Some(stop) = stops.iter().find(|stop| {
                stop.covers(Wall { day, second: since.max(morning.0) })
                    && stop.until >= Wall { day, second: afternoon.1 }
            }) && since <= morning.0
            {
                steps.excluded_days(day, day, stop);
                continue;
            }
            if day == begin.day && since < morning.0 {
                steps.pause(day, since, morning.0, StepKind::BeforeHours);
            }
            for (from, to) in [morning, afternoon] {
                if from == afternoon.0 && since < afternoon.0 && morning.1 < afternoon.0 {
                    steps.pause(day, since.max(morning.1), afternoon.0, StepKind::Lunch);
                }
                if let Some(second) =
                    self.count_stretch(day, since.max(from), to, seconds, stops, steps)
                {
                    return Ok(Wall { day, second });
                }
            }
            steps.after_hours(day, since.max(afternoon.1));
        }
        Err(DueRefusal::TooFar)
    }

    /// Counts inside one stretch of work; gives the second at which the period is full.
    fn count_stretch(
        &self,
        day: i64,
        from: i64,
        to: i64,
        seconds: i64,
        stops: &[Stop],
        steps: &mut Steps,
    ) -> Option<i64> {
        let mut at = from;
        while at < to {
            let here = Wall { day, second: at };
            if let Some(stop) = stops.iter().find(|stop| stop.covers(here)) {
                let until = if stop.until.day > day { to } else { stop.until.second.min(to) };
                steps.excluded_hours(day, at, until, stop);
                at = until;
                continue;
            }
            let next_stop = stops
                .iter()
                .filter(|stop| stop.from > here && stop.from.day == day)
                .map(|stop| stop.from.second)
                .min();
            let until =
                next_stop.map_or(to, |second| second.min(to)).min(at + seconds - steps.total);
            steps.total += until - at;
            let date = day::date_of(day);
            let (total, local) = (steps.total, self.counted_local(date));
            steps.push(day, StepKind::Counted, |step, lang| {
                step.counted = true;
                step.seconds = until - at;
                step.total = total;
                step.from = Some(day::time_of(at));
                step.to = Some(day::time_of(until));
                wording::hours(date, at, until, total, local.map(|it| it.name.t(lang)), lang)
            });
            if steps.total == seconds {
                return Some(until);
            }
            at = until;
        }
        None
    }
}

impl Steps {
    fn push(&mut self, day: i64, kind: StepKind, mut line: impl FnMut(&mut Step, Lang) -> String) {
        let mut step = Step {
            date: day::date_of(day),
            until: None,
            from: None,
            to: None,
            kind,
            counted: false,
            days: 0,
            seconds: 0,
            total: 0,
            ko: String::new(),
            en: String::new(),
        };
        step.ko = line(&mut step, Lang::Ko);
        step.en = line(&mut step, Lang::En);
        self.steps.push(step);
    }

    fn whole_day(&mut self, day: i64, kind: StepKind, text: impl Fn(Lang) -> String) {
        self.push(day, kind, |step, lang| wording::on_day(step.date, &text(lang), lang));
    }

    fn first_day(&mut self, day: i64) {
        self.whole_day(day, StepKind::FirstDay, |lang| {
            wording::not_counted(
                lang.t("첫날(민법 제157조)", "the first day (Civil Act, art. 157)"),
                lang,
            )
        });
    }

    fn closed(&mut self, day: i64, closed: Closed<'_>) {
        self.whole_day(day, StepKind::Closed, |lang| {
            wording::not_counted(&closed.text(lang), lang)
        });
    }

    /// Days `from` to the day before `until`, all counted.
    fn calendar_days(&mut self, from: i64, until: i64) {
        let days = until - from;
        if days == 0 {
            return;
        }
        let (total, last) = (self.total, day::date_of(until - 1));
        self.push(from, StepKind::Counted, |step, lang| {
            step.until = (days > 1).then_some(last);
            step.counted = true;
            step.days = days;
            step.total = total;
            wording::calendar_days(step.date, last, total, days, lang)
        });
    }

    fn excluded_days(&mut self, from: i64, to: i64, stop: &Stop) {
        let last = day::date_of(to);
        self.push(from, StepKind::Excluded, |step, lang| {
            step.until = (to > from).then_some(last);
            wording::on_days(step.date, last, &excluded(stop, lang), lang)
        });
    }

    fn excluded_hours(&mut self, day: i64, from: i64, to: i64, stop: &Stop) {
        self.push(day, StepKind::Excluded, |step, lang| {
            step.from = Some(day::time_of(from));
            step.to = Some(day::time_of(to));
            wording::in_hours(step.date, from, to, &excluded(stop, lang), lang)
        });
    }

    fn pause(&mut self, day: i64, from: i64, to: i64, kind: StepKind) {
        self.push(day, kind, |step, lang| {
            step.from = Some(day::time_of(from));
            step.to = Some(day::time_of(to));
            let why = match kind {
                StepKind::Lunch => lang.t("점심시간", "lunch hour"),
                _ => lang.t("근무 시작 전", "before opening"),
            };
            wording::in_hours(step.date, from, to, &wording::not_counted(why, lang), lang)
        });
    }

    fn after_hours(&mut self, day: i64, from: i64) {
        self.push(day, StepKind::AfterHours, |step, lang| {
            step.from = Some(day::time_of(from));
            let why = lang.t(
                "근무 끝남, 다음 근무일 시작까지 멈춤",
                "after closing, until the next working day opens",
            );
            wording::from_hour(step.date, from, &wording::not_counted(why, lang), lang)
        });
    }
}

fn excluded(stop: &Stop, lang: Lang) -> String {
    let (name, article) = (stop.ground.name(lang), stop.ground.article(lang));
    wording::not_counted(&format!("{name} ({article})"), lang)
}
