//! Differences in the trade's words: tiers by their quantity, and flags.

use rstest::rstest;

use super::differences::{between, item, lines};

#[rstest]
#[case(r#"[[2,"15.80"],[50,"14.50"],[200,"13.90"]]"#, r#"[[2,"15.80"],[200,"13.50"],[1000,"12.80"]]"#, &[
    "-priceRange[≥50] \"14.50\" > absent other",
    "~priceRange[≥200] \"13.90\" > \"13.50\" -0.40",
    "+priceRange[≥1000] absent > \"12.80\" other",
])]
#[case(r#"[[2,"15.80"]]"#, "null", &["-priceRange[≥2] \"15.80\" > absent other"])]
#[case(r#"[[2,"15.80"]]"#, r#"[["2",15.80]]"#, &[
    "~priceRange[0][0] 2 > \"2\" type",
    "~priceRange[0][1] \"15.80\" > 15.80 type",
])]
#[case(r#"[["2起","15.80"]]"#, r#"[["2起","15.90"]]"#, &["~priceRange[0][1] \"15.80\" > \"15.90\" 0.10"])]
fn tiers_are_compared_by_their_quantity(
    #[case] before: &str,
    #[case] after: &str,
    #[case] expected: &[&str],
) {
    let with = |tiers: &str| item(&format!(r#""priceRange":{tiers}"#));
    let difference = between(&with(before), &with(after));
    assert_eq!(lines(&difference.facts), expected);
    assert!(difference.facts.iter().all(|change| change.is_price() || change.name.ends_with("[0][0]")));
}

#[test]
fn a_flag_has_no_amount() {
    let with =
        |flag: &str| item(&format!(r#""is_support_mix":{flag},"agent_price":{{"support_dropship":{flag}}}"#));
    let difference = between(&with("0"), &with("1"));
    assert_eq!(lines(&difference.facts), ["~is_support_mix 0 > 1 other"]);
    assert_eq!(lines(&difference.fields), ["~agent_price.support_dropship 0 > 1 other"]);
}
