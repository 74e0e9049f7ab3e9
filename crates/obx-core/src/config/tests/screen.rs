//! The language and the looks of the interface.

use super::*;

#[test]
fn the_language_of_the_interface_is_at_last_that_of_the_locale() {
    let language = |variables: &[_]| load_with(&Flags::default(), variables).unwrap().language;
    assert_eq!(language(&[("LANG", "zh_CN.UTF-8")]), Language::Zh);
    assert_eq!(language(&[("LANG", "zh_CN.UTF-8"), ("LC_ALL", "C")]), Language::En);
    assert_eq!(language(&[("LANG", "zh_CN.UTF-8"), ("OBX_UI_LANG", "en")]), Language::En);
}

#[test]
fn the_screen_is_set_by_flag_variable_and_file() {
    let file = written("theme = 'dark'\nascii = true\nlean = true\n");
    let screen = |flags: ScreenFlags, variables: &[_]| {
        file.load_with(Flags { screen: flags, ..Flags::default() }, variables).unwrap().screen
    };
    let usual = screen(ScreenFlags::default(), &[]);
    assert_eq!((usual.theme, usual.ascii, usual.lean), (Some(ThemeName::Dark), true, true));
    assert_eq!(screen(ScreenFlags { no_color: true, ..ScreenFlags::default() }, &[]).theme, None);
    assert_eq!(screen(ScreenFlags::default(), &[("NO_COLOR", "1")]).theme, None);
    assert_eq!(screen(ScreenFlags::default(), &[("NO_COLOR", "")]).theme, Some(ThemeName::Dark));
    let wide = written("ambiguous_width = 2\n").load().unwrap().screen;
    assert!(wide.ascii && wide.ambiguous_width == AmbiguousWidth::Two, "a wide frame would not fit");
    assert_eq!(
        written("theme = 'drak'\nambiguous_width = 3\n").error(),
        "line 1: `theme`: \"drak\" is not one of terminal, light, dark, auto; did you mean dark?\n\
         line 2: `ambiguous_width`: \"3\" is not one of 1, 2"
    );
}
