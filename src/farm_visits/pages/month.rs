//! The visits of a month, day by day.

use chrono::{Datelike, Days, Months, NaiveDate};

use crate::app::App;
use crate::farm_visits::farm_visit::FarmVisit;
use crate::farm_visits::visit_date::{Shut, VisitDate};
use crate::web::french;

/// A month as a table shows it.
pub(super) struct Month {
    /// « mai 2027 »
    pub(super) name: String,
    /// From Monday to Sunday; days of other months are left out.
    pub(super) weeks: Vec<Vec<Option<Day>>>,
    /// The months beside it, as far as visits are announced or remembered.
    pub(super) before: Option<Beside>,
    pub(super) after: Option<Beside>,
}

/// The way to another month.
pub(super) struct Beside {
    pub(super) href: String,
    /// « juin »
    pub(super) month: &'static str,
    pub(super) year: i32,
}

impl Beside {
    /// The way to the month in which `first` is the first day.
    pub(super) fn new(href: String, first: NaiveDate) -> Self {
        Self { href, month: french::MONTHS[first.month0() as usize], year: first.year() }
    }
}

/// A day of it.
pub(super) struct Day {
    pub(super) date: NaiveDate,
    /// Its number in the month.
    pub(super) number: u32,
    /// « jeudi »
    pub(super) weekday: &'static str,
    /// « mai »
    pub(super) month: &'static str,
    pub(super) is_today: bool,
    pub(super) visits: Vec<Entry>,
}

/// A visit on a day.
pub(super) struct Entry {
    pub(super) href: String,
    /// « 9 h 30 »
    pub(super) time: String,
    pub(super) title: String,
    /// « 12 places libres »
    pub(super) words: String,
}

impl Month {
    /// The month in which `first` is the first day. Dates of other months are left out.
    pub(super) fn new(app: &App, first: NaiveDate, found: &[(VisitDate, FarmVisit)]) -> Self {
        let lead = usize::try_from(first.weekday().num_days_from_monday()).unwrap_or_default();
        let days = first.iter_days().take_while(|day| day.month() == first.month());
        let mut cells: Vec<Option<Day>> = (0..lead).map(|_| None).collect();
        cells.extend(days.map(|date| Some(Day::new(app, date, found))));
        cells.resize_with(cells.len().next_multiple_of(7), || None);
        let mut weeks: Vec<Vec<Option<Day>>> = Vec::new();
        for cell in cells {
            match weeks.last_mut().filter(|week| week.len() < 7) {
                Some(week) => week.push(cell),
                None => weeks.push(vec![cell]),
            }
        }
        Self { name: name(first), weeks, before: None, after: None }
    }

    /// Whether nothing takes place in it.
    pub(super) fn is_empty(&self) -> bool {
        self.weeks.iter().flatten().flatten().all(|day| day.visits.is_empty())
    }
}

impl Day {
    fn new(app: &App, date: NaiveDate, found: &[(VisitDate, FarmVisit)]) -> Self {
        let on = found.iter().filter(|(one, _)| app.local(one.starts_at).date() == date);
        Self {
            date,
            number: date.day(),
            weekday: french::DAYS[date.weekday().num_days_from_monday() as usize],
            month: french::MONTHS[date.month0() as usize],
            is_today: date == app.today(),
            visits: on.map(|(one, visit)| Entry::new(app, one, visit)).collect(),
        }
    }
}

impl Entry {
    fn new(app: &App, date: &VisitDate, visit: &FarmVisit) -> Self {
        Self {
            href: visit.path(),
            time: french::time(app.local(date.starts_at).time()),
            title: french::typographic(&visit.title),
            words: in_short(app, date),
        }
    }
}

/// Where a date stands, in two or three words.
pub(super) fn in_short(app: &App, date: &VisitDate) -> String {
    let words = match date.shut(app.clock.now()) {
        Some(Shut::Cancelled) => "annulée",
        Some(Shut::Past) => "passée",
        Some(Shut::NotYet) => "inscriptions bientôt",
        Some(Shut::Closed) => "inscriptions closes",
        None if date.is_full() => "complet",
        None => {
            let free = u64::try_from(date.free()).unwrap_or_default();
            return french::count(free, "place libre", "places libres");
        }
    };
    words.to_owned()
}

/// « mai 2027 »
fn name(first: NaiveDate) -> String {
    format!("{} {}", french::MONTHS[first.month0() as usize], first.year())
}

/// The first day of the month of a day.
pub(super) fn first_of(day: NaiveDate) -> NaiveDate {
    day - Days::new(u64::from(day.day0()))
}

/// « 2027-05 », read; nothing when it is no month.
pub(super) fn parse(text: &str) -> Option<NaiveDate> {
    let first = NaiveDate::parse_from_str(&format!("{text}-01"), "%Y-%m-%d").ok();
    first.filter(|first| (2000..3000).contains(&first.year()))
}

/// As addresses write it: « 2027-05 ».
pub(super) fn written(first: NaiveDate) -> String {
    first.format("%Y-%m").to_string()
}

/// The months before and after.
pub(super) fn beside(first: NaiveDate) -> (Option<NaiveDate>, Option<NaiveDate>) {
    (first.checked_sub_months(Months::new(1)), first.checked_add_months(Months::new(1)))
}

#[cfg(test)]
mod tests {
    use super::{beside, first_of, parse, written};

    #[test]
    fn months_are_read_as_they_are_written() {
        let may = parse("2027-05").unwrap();
        assert_eq!((written(may), first_of(may)), ("2027-05".to_owned(), may));
        assert_eq!(beside(may), (parse("2027-04"), parse("2027-06")));
        assert_eq!([parse(""), parse("2027-13"), parse("mai"), parse("2027-05-02")], [None; 4]);
    }
}
