//! Where answers are stored, and what holds calls back.

use super::*;

#[test]
fn answers_are_kept_in_the_usual_file_unless_another_is_named_or_none_is_wanted() {
    let own = [("OBX_KEY", "PLANTED-key"), ("OBX_SECRET", "PLANTED-secret")];
    let place = |flags: Flags, variables: &[_]| load_with(&flags, variables).unwrap().place;
    let file = |path: &str| Place::file(path);
    assert_eq!(place(Flags::default(), &own), file("/home/u/.local/share/obx/store.sqlite"));
    let other = with(StoreFlags { path: Some("/tmp/other".into()), ..StoreFlags::default() });
    assert_eq!(place(other, &own), file("/tmp/other"));
    assert_eq!(place(with(StoreFlags { no_store: true, ..StoreFlags::default() }), &own), Place::Memory);
    // Without credentials it is DEMO, whose prices are invented.
    assert_eq!(
        place(with(StoreFlags { path: Some("/tmp/other".into()), ..StoreFlags::default() }), &[]),
        Place::Memory
    );
    let homeless = load(&Flags::default(), &own.into_iter().collect()).unwrap_err().to_string();
    assert!(homeless.contains("--store FILE or --no-store"), "{homeless}");
}

#[test]
fn the_file_says_where_answers_are_kept_and_what_holds_calls_back() {
    let file = written(
        "[store]\npath = \"/data/obx.sqlite\"\nkeep = \"90d\"\nmax_size = \"2GB\"\n\
         [money]\ncap = 200\nreserve = 20\nprice_per_call = \"0.02\"\n",
    );
    let own = [("OBX_KEY", "PLANTED-key"), ("OBX_SECRET", "PLANTED-secret")];
    let config = file.load_with(Flags::default(), &own).unwrap();
    let retention =
        Retention { keep: Some(Duration::from_secs(90 * 24 * 60 * 60)), max_size: Some(2_000_000_000) };
    assert_eq!(config.place, Place::File { path: "/data/obx.sqlite".into(), retention });
    assert_eq!(config.guards, Guards { cap: Some(200), reserve: Some(20) });
    assert_eq!(config.price_per_call, "0.02".parse().ok());
    let flags = with(StoreFlags { cap: Some(1), reserve: Some(0), ..StoreFlags::default() });
    assert_eq!(file.load_with(flags, &own).unwrap().guards, Guards { cap: Some(1), reserve: Some(0) });
    for (text, message) in [
        ("[store]\npath = \"data\"\n", "is not a path that begins with / or ~/"),
        ("[money]\nprice_per_call = \"2 fen\"\n", "not an amount such as"),
        ("[money]\ncap = -1\n", "line 2: `cap`: it must be 0 or more"),
        ("[money]\ncap = 18446744073709551616\n", "line 2: `cap`: it must be at most 18446744073709551615"),
        ("[money]\ncap = 1.5\n", "`cap` must be a whole number (here: float)"),
    ] {
        let error = written(text).error();
        assert!(error.contains(message), "{error}");
    }
}
