//! The due time alone: look-ups in the precomputed calendar, no steps, no walking from day to day.

use jiff::Timestamp;

use crate::day::{DAYS, Wall};
use crate::due::{Length, calendar_days, plan};
use crate::excluded::Stop;
use crate::{Arithmetic, Calendar, DueInput, DueRefusal};

impl Calendar {
    /// When an answer is due, without the steps: equal to `due(input)?.at`, and much faster.
    pub fn due_at(&self, input: &DueInput) -> Result<Timestamp, DueRefusal> {
        let stops = input.stops()?;
        let received = input.start()?;
        let (arithmetic, length) = plan(self, input.calculator, input.period)?;
        let begin = match arithmetic {
            Arithmetic::D => Wall { day: received.day + 1, ..received },
            _ => received,
        };
        let mut due = self.jump(begin, length, &stops)?;
        for period in &input.extensions {
            let (_, length) = plan(self, input.calculator, *period)?;
            let begin = match length {
                Length::Seconds(_) => due,
                _ => Wall { day: due.day + 1, second: 0 },
            };
            due = self.jump(begin, length, &stops)?;
        }
        due.instant().ok_or(DueRefusal::TooFar)
    }

    fn jump(&self, begin: Wall, length: Length, stops: &[Stop]) -> Result<Wall, DueRefusal> {
        match length {
            Length::Seconds(seconds) => self.after_hours(begin, seconds, stops),
            Length::WorkingDays(days) => self.after_working_days(begin.day, days, stops),
            Length::CalendarDays(_) | Length::Months(_) => {
                let days = calendar_days(begin.day, length)?;
                self.after_calendar_days(begin.day, days, stops)
            }
        }
    }

    fn closing(&self, day: i64) -> Wall {
        Wall { day, second: self.hours.afternoon.1 }
    }

    /// Working seconds from the first day covered up to a moment.
    fn position(&self, moment: Wall) -> i64 {
        let whole = self.rank(moment.day) * self.hours.seconds();
        if self.open(moment.day) { whole + self.hours.gone(moment.second) } else { whole }
    }

    fn after_hours(&self, begin: Wall, seconds: i64, stops: &[Stop]) -> Result<Wall, DueRefusal> {
        let mut at = self.position(begin);
        let mut left = seconds;
        for stop in stops {
            let from = self.position(stop.from).max(at);
            let until = self.position(stop.until);
            if until <= at {
                continue;
            }
            if from - at >= left {
                break;
            }
            left -= from - at;
            at = until;
        }
        // Something is left, so the end is inside or at the close of a working day.
        let end = at + left - 1;
        let day = self.working(end.div_euclid(self.hours.seconds())).ok_or(DueRefusal::TooFar)?;
        let second = self.hours.second_when(end.rem_euclid(self.hours.seconds()) + 1);
        Ok(Wall { day, second })
    }

    fn after_working_days(
        &self,
        begin: i64,
        days: i64,
        stops: &[Stop],
    ) -> Result<Wall, DueRefusal> {
        let mut at = self.rank(begin);
        let mut left = days;
        for stop in stops {
            let from = self.rank(stop.from.day).max(at);
            let until = self.rank(stop.until.day.saturating_add(1));
            if until <= at {
                continue;
            }
            if from - at >= left {
                break;
            }
            left -= from - at;
            at = until;
        }
        self.working(at + left - 1).map(|day| self.closing(day)).ok_or(DueRefusal::TooFar)
    }

    fn after_calendar_days(
        &self,
        begin: i64,
        days: i64,
        stops: &[Stop],
    ) -> Result<Wall, DueRefusal> {
        let mut at = begin;
        let mut left = days;
        for stop in stops {
            let from = stop.from.day.max(at);
            let until = stop.until.day.saturating_add(1);
            if until <= at {
                continue;
            }
            if from - at >= left {
                break;
            }
            left -= from - at;
            at = until;
        }
        // The last day counted, or the next one that is neither closed nor taken out.
        let mut day = at.saturating_add(left - 1);
        while day < DAYS && (!self.open(day) || stops.iter().any(|stop| stop.covers_day(day))) {
            day += 1;
        }
        if day < DAYS { Ok(self.closing(day)) } else { Err(DueRefusal::TooFar) }
    }
}
