//! The quota forecast, held against simulated days: what it says is measured by what the day then does.
//!
//! An error is a share: of the rest of the day for the moment at which the last call is used, of the day's use
//! for what is left at midnight. A day that turns out to last counts as run out at midnight, and the other way
//! round. Every day is asked each ten minutes until its quota is used up.

mod days;

use jiff::SignedDuration;
use obx::model::quota_forecast::{CallRecord, Day, Forecast};
use obx::model::request_log::Mark;
use rstest::rstest;

use days::{MINUTE, Simulated, at, by_chance, even, in_bursts, record};

/// What was said on some days, and how wrong it was.
#[derive(Default)]
struct Said {
    asked: usize,
    silent: usize,
    /// Said to last where it did not.
    false_comfort: usize,
    errors: Vec<f64>,
    /// Minutes into the day of the first number, for each day that had one.
    first: Vec<i64>,
}

impl Said {
    fn over(days: impl Iterator<Item = Simulated>) -> Self {
        let mut said = Self::default();
        for day in days {
            said.ask_through(&day);
        }
        said.first.sort_unstable();
        said.errors.sort_by(f64::total_cmp);
        said
    }

    fn ask_through(&mut self, day: &Simulated) {
        let numbers = self.errors.len();
        let end = day.out().unwrap_or(24 * 60 * MINUTE);
        let mut first = None;
        for minutes in (10..24 * 60).step_by(10).take_while(|minutes| minutes * MINUTE < end) {
            self.ask(day, minutes * MINUTE);
            if self.errors.len() > numbers {
                first.get_or_insert(minutes);
            }
        }
        self.first.extend(first);
    }

    fn ask(&mut self, day: &Simulated, now: i64) {
        self.asked += 1;
        let rest = 24 * 60 * MINUTE - now;
        let share = |wrong: i64, whole: i64| days::real(wrong.abs()) / days::real(whole);
        match Day::new(&day.records, at(now)).forecast {
            Forecast::OutAt(moment) => {
                let said = moment.as_millisecond() - at(0).as_millisecond();
                self.errors.push(share(said - day.out().unwrap_or(24 * 60 * MINUTE), rest));
            }
            Forecast::LastsTheDay { left_at_midnight } => {
                self.false_comfort += usize::from(day.out().is_some());
                if let Some(left) = left_at_midnight {
                    let used = i64::try_from(day.max - left).unwrap() - day.used();
                    self.errors.push(share(used, day.used()));
                }
            }
            Forecast::Silent => self.silent += 1,
            Forecast::Out => panic!("not used up before the last call"),
        }
    }

    /// Of a thousand things said, how many were off by more than a tenth.
    fn wrong_in_a_thousand(&self) -> usize {
        self.errors.iter().filter(|error| **error > 0.1).count() * 1_000 / self.errors.len()
    }

    fn worst(&self) -> f64 {
        *self.errors.last().expect("nothing was said")
    }
}

#[rstest]
fn on_an_even_day_all_that_is_said_is_right_to_a_tenth(
    #[values(10, 60, 400)] per_hour: i64,
    #[values(40, 90, 150, 400)] max_in_percent: i64,
) {
    let said = Said::over((0..12).map(|seed| Simulated::new(even(seed, per_hour), per_hour, max_in_percent)));
    assert!(said.worst() <= 0.1, "{}", said.worst());
    assert_eq!(said.false_comfort, 0);
    // Ten calls an hour are few, but even then it is silent for two thirds of the day at most.
    assert!(said.silent * 3 <= said.asked * 2, "{} of {}", said.silent, said.asked);
}

#[rstest]
fn an_even_day_of_many_calls_is_known_within_the_first_hour(#[values(40, 90, 150, 400)] max_in_percent: i64) {
    let said = Said::over((0..12).map(|seed| Simulated::new(even(seed, 400), 400, max_in_percent)));
    assert!(said.first.len() == 12 && said.first.iter().all(|minutes| *minutes <= 60), "{:?}", said.first);
    // Once it speaks it goes on.
    assert!(said.silent <= 12 * 6, "{} of {}", said.silent, said.asked);
}

#[rstest]
fn calls_that_come_by_chance_are_forecast_to_a_tenth(
    #[values(60, 400)] per_hour: i64,
    #[values(40, 90, 150, 400)] max_in_percent: i64,
) {
    let days = (0..16).map(|seed| Simulated::new(by_chance(seed, per_hour), per_hour, max_in_percent));
    let said = Said::over(days);
    assert!(said.wrong_in_a_thousand() <= 5, "{} in a thousand", said.wrong_in_a_thousand());
    assert!(said.worst() <= 0.15, "{}", said.worst());
    assert_eq!(said.false_comfort, 0);
}

#[rstest]
fn a_day_of_bursts_is_forecast_to_a_tenth_once_there_is_enough_to_say(
    #[values(10, 60)] per_hour: i64,
    #[values(40, 90, 150, 400)] max_in_percent: i64,
) {
    let days = (0..25).map(|seed| Simulated::new(in_bursts(seed, per_hour), per_hour, max_in_percent));
    let said = Said::over(days);
    assert!(said.wrong_in_a_thousand() <= 10, "{} in a thousand", said.wrong_in_a_thousand());
    assert!(said.worst() <= 0.25, "{}", said.worst());
    assert!(said.false_comfort * 1_000 <= said.asked, "{} of {}", said.false_comfort, said.asked);
}

#[rstest]
fn a_morning_without_calls_does_not_flatten_the_pace(#[values(60, 400)] per_hour: i64) {
    for seed in 0..12 {
        let morning = 10 * 60 * MINUTE;
        let calls = even(seed, per_hour).into_iter().filter(|at| *at > morning).collect();
        let day = Simulated::new(calls, per_hour, 100);
        assert_eq!(Day::new(&day.records, at(morning)).pace, None);
        let message = Day::new(&day.records, at(morning + 90 * MINUTE));
        let (pace, real) = (message.pace.unwrap().per_hour(), u64::try_from(per_hour).unwrap());
        assert!(pace.abs_diff(real) * 10 <= real, "{pace} of {real}");
        let mut said = Said::default();
        said.ask(&day, morning + 150 * MINUTE);
        assert!(said.errors.iter().all(|error| *error <= 0.1) && said.errors.len() == 1, "{:?}", said.errors);
    }
}

#[test]
fn what_was_used_yesterday_gives_no_alarm_today() {
    // A batch that ran into midnight: 9,000 of 10,000 within the last three hours, 50 more after it.
    let night = (0..9_000).map(|call| -MINUTE * 180 + call * 1_200);
    let after = (0..50).map(|call| 400 + call * 1_200);
    let mut records: Vec<CallRecord> = night
        .enumerate()
        .map(|(place, ms)| record(ms, Some(u64::try_from(place).unwrap() + 1), 10_000))
        .collect();
    records.extend(
        after.enumerate().map(|(place, ms)| record(ms, Some(u64::try_from(place).unwrap() + 1), 10_000)),
    );
    for minutes in [1, 2, 10, 60, 300] {
        let day = Day::new(&records, at(minutes * MINUTE));
        assert_eq!((day.used, day.max, day.others, day.before), (50, Some(10_000), 0, 0));
        assert_eq!(day.hours.iter().map(|hour| hour.calls).sum::<u64>(), 50);
        assert!(!matches!(day.forecast, Forecast::OutAt(_) | Forecast::Out), "{:?}", day.forecast);
    }
    let evening = Day::new(&records, at(-MINUTE));
    assert!(evening.used > 8_900);
    assert_eq!(evening.date.tomorrow().unwrap(), Day::new(&records, at(0)).date);
}

#[test]
fn before_the_first_call_of_a_day_nothing_is_used_and_the_limit_is_known_from_yesterday() {
    let day = Day::new(&[record(-MINUTE, Some(9_999), 10_000)], at(MINUTE));
    assert_eq!((day.used, day.reported, day.max), (0, None, Some(10_000)));
    assert_eq!(day.forecast, Forecast::Silent);
    let long_ago = Day::new(&[record(-3 * 24 * 60 * MINUTE, Some(9_999), 10_000)], at(MINUTE));
    assert_eq!(long_ago.max, None);
}

#[test]
fn an_answer_on_its_way_at_midnight_may_still_tell_the_count_of_yesterday() {
    let records =
        [record(2_000, Some(9_871), 10_000), record(9_000, Some(1), 10_000), record(15_000, Some(2), 10_000)];
    let day = Day::new(&records, at(MINUTE));
    assert_eq!((day.used, day.others), (2, 0));
    assert!(day.hours.iter().map(|hour| hour.calls).sum::<u64>() <= 2, "{:?}", day.hours);
}

#[test]
fn somebody_else_with_the_same_key_is_seen_counted_and_forecast() {
    // We call each five minutes from eight on; others have used 300 an hour since midnight.
    let others = |ms: i64| u64::try_from(ms * 300 / (60 * MINUTE)).unwrap();
    let records: Vec<CallRecord> = (0..96)
        .map(|place| (place, (480 + place * 5) * MINUTE))
        .map(|(place, ms)| record(ms, Some(u64::try_from(place).unwrap() + 1 + others(ms)), 6_000))
        .collect();
    let noon = Day::new(&records, at(12 * 60 * MINUTE));
    assert_eq!((noon.split.billed, noon.before, noon.others), (49, 2_400, 1_200));
    assert_eq!(noon.used, 49 + 3_600);
    assert_eq!(noon.hours[9].calls, 312);
    assert_eq!((noon.hours[3].calls, noon.hours[3].seen), (300, false));
    assert_eq!(noon.pace.unwrap().per_hour(), 312);
    // 6,000 are used after 19.6 hours: 300 an hour from midnight, 12 more from eight on.
    let Forecast::OutAt(out) = noon.forecast else { panic!("{:?}", noon.forecast) };
    let wrong = out.duration_since(at(19 * 60 * MINUTE + 32 * MINUTE)).abs();
    assert!(wrong < SignedDuration::from_mins(72), "{wrong:?} of a rest of twelve hours");
}

#[test]
fn without_the_vendors_count_our_own_counts_with_what_may_be_billed() {
    let mut records: Vec<CallRecord> =
        (0..40).map(|call| CallRecord { max: None, ..record(call * MINUTE, None, 0) }).collect();
    records[3].mark = Mark::Unknown;
    records[4].mark = Mark::Free;
    // What the store answers tells of another time.
    records[5] = CallRecord { mark: Mark::Store, ..record(5 * MINUTE, Some(7_000), 10_000) };
    let day = Day::new(&records, at(40 * MINUTE));
    assert_eq!((day.used, day.reported, day.max), (38, None, None));
    assert_eq!((day.split.billed, day.split.free, day.split.store, day.split.unknown), (37, 1, 1, 1));
    assert_eq!((day.others, day.hours[0].calls), (0, 38));
    assert_eq!(day.forecast, Forecast::Silent);
    assert!(day.pace.is_some());
}

#[test]
fn calls_since_the_vendors_newest_count_are_added_to_it() {
    let mut records = vec![record(0, Some(100), 1_000)];
    records.extend([1, 2, 3].map(|call| record(call * MINUTE, None, 0)));
    records[2].mark = Mark::Unknown;
    records[3].mark = Mark::Free;
    let day = Day::new(&records, at(5 * MINUTE));
    assert_eq!((day.used, day.reported, day.before, day.others), (102, Some(100), 99, 0));
}

#[test]
fn answers_out_of_order_invent_nobody() {
    let counts = [2, 1, 4, 3, 6, 5];
    let records: Vec<CallRecord> =
        (1..).zip(counts).map(|(place, message)| record(place * 300, Some(message), 1_000)).collect();
    let day = Day::new(&records, at(MINUTE));
    assert_eq!((day.used, day.others, day.before), (6, 0, 1));
    assert_eq!(day.hours[0].calls, 6);
}

#[test]
fn a_few_calls_say_nothing_where_they_may_be_too_many() {
    let records: Vec<CallRecord> =
        (0_u32..5).map(|call| record(i64::from(call) * MINUTE, Some(u64::from(call) + 1), 10)).collect();
    assert_eq!(Day::new(&records, at(6 * MINUTE)).forecast, Forecast::Silent);
    assert_eq!(Day::new(&[], at(6 * MINUTE)).forecast, Forecast::Silent);
}

#[test]
fn far_from_the_limit_it_lasts_and_at_the_limit_it_is_out() {
    let records = |max| -> Vec<CallRecord> {
        (0_u32..20).map(|call| record(i64::from(call) * 3 * MINUTE, Some(u64::from(call) + 1), max)).collect()
    };
    let lasts = Day::new(&records(10_000), at(60 * MINUTE));
    assert!(matches!(lasts.forecast, Forecast::LastsTheDay { .. }), "{:?}", lasts.forecast);
    let out = Day::new(&records(20), at(60 * MINUTE));
    assert_eq!((out.forecast, out.left()), (Forecast::Out, Some(0)));
}

#[test]
fn garbled_counts_and_clocks_break_nothing() {
    let counts = [u64::MAX, 3, u64::MAX - 1, u64::MAX / 2 + 9, u64::MAX, 0, 7];
    let records: Vec<CallRecord> = (0..)
        .zip(counts)
        .map(|(place, message)| record(place * 9 * MINUTE, Some(message), u64::MAX))
        .collect();
    for minutes in 0..70 {
        let day = Day::new(&records, at(minutes * MINUTE));
        assert!(day.used <= u64::from(u32::MAX) + 7, "{}", day.used);
    }
    assert_eq!(Day::new(&records, at(70 * MINUTE)).used, 7);
    for now in [jiff::Timestamp::MIN, jiff::Timestamp::UNIX_EPOCH, jiff::Timestamp::MAX] {
        assert_eq!(Day::new(&[], now).forecast, Forecast::Silent);
    }
}

#[test]
fn the_history_before_yesterday_changes_nothing() {
    let day = Simulated::new(even(1, 60), 60, 90);
    let mut long: Vec<CallRecord> = (0_u32..100_000)
        .map(|call| record(-48 * 60 * MINUTE - i64::from(100_000 - call) * 10_000, Some(77), 99))
        .collect();
    long.extend(day.records.iter().copied());
    let now = at(9 * 60 * MINUTE);
    assert_eq!(Day::new(&long, now), Day::new(&day.records, now));
}

/// The vendor counted three by noon, of which one is ours.
#[test]
fn fewer_calls_of_others_than_hours_are_put_to_no_hour() {
    let noon = 12 * 60 * MINUTE;
    let day = Day::new(&[record(noon, Some(3), 10_000)], at(noon + MINUTE));
    let drawn: Vec<_> = day.hours.iter().enumerate().filter(|(_, hour)| hour.calls > 0).collect();
    assert_eq!(drawn.iter().map(|(at, hour)| (*at, hour.calls)).collect::<Vec<_>>(), [(12, 1)]);
    assert_eq!((day.used, day.before, day.undated), (3, 2, 2));
    let many = Day::new(&[record(noon, Some(27), 10_000)], at(noon + MINUTE));
    assert_eq!((many.hours[3].calls, many.undated), (2, 0), "{:?}", many.hours);
}
