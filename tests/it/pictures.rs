//! The pictures of an item: what the popup shows and asks for, and what the client takes and refuses.

mod fetching;

use std::io::Cursor;
use std::sync::Arc;

use image::{ImageFormat, Rgb, RgbImage};
use obx::message::{Done, Effect, Event, PictureOrder};
use obx_core::config::{ColourDepth, DisplaySettings, PictureMethod};
use obx_core::fetch::Source;
use obx_core::i18n::Language;
use obx_core::picture::{Picture, PictureError};
use onebound::{PictureFailure, PictureUrlError};
use rstest::rstest;

use crate::screens::{PHONE, check, code};
use crate::support::{Driver, effect_name, response};

/// A session that shows an item; without colour, so that a picture can be seen in its text.
fn with_item(size: &str, language: Language, method: PictureMethod, body: &str) -> Driver {
    let display =
        DisplaySettings { pictures: method, colours: ColourDepth::None, ..DisplaySettings::default() };
    let mut driver = Driver::drawing(display, size, language);
    driver.app.fill_id(body.trim_end_matches(".json").rsplit('_').next().unwrap());
    driver.keys("<enter>");
    driver.answer(200, response(body), Source::Live);
    driver
}

fn phone(size: &str, language: Language) -> Driver {
    with_item(size, language, PictureMethod::Blocks, PHONE)
}

/// Bright on the left, dark on the right.
fn picture(width: u32, height: u32) -> Arc<Picture> {
    let pixels = RgbImage::from_fn(width, height, |x, _| Rgb([if x < width / 2 { 255 } else { 60 }; 3]));
    let mut bytes = Cursor::new(Vec::new());
    pixels.write_to(&mut bytes, ImageFormat::Png).unwrap();
    Arc::new(Picture::decode(&bytes.into_inner()).unwrap())
}

fn order(effects: &[Effect]) -> PictureOrder {
    let orders: Vec<_> = effects
        .iter()
        .filter_map(|effect| match effect {
            Effect::LoadPicture(order) => Some(order.clone()),
            _ => None,
        })
        .collect();
    assert_eq!(orders.len(), 1, "{effects:?}");
    orders.into_iter().next().unwrap()
}

fn arrive(driver: &mut Driver, order: PictureOrder, loaded: Result<Arc<Picture>, PictureError>) {
    let _ = driver.update(Event::Done(Done::PictureLoaded { order, loaded }));
}

#[rstest]
fn the_pictures_are_listed_and_none_is_loaded_unasked(
    #[values("80x24", "120x36")] size: &str,
    #[values(Language::En, Language::Zh)] language: Language,
) {
    let mut driver = phone(size, language);
    assert_eq!(driver.keys("I"), []);
    assert_eq!(driver.keys("j j G g"), [], "moving loads nothing before Enter does");
    check(&format!("pictures_{size}_{}", code(language)), &driver.focused());
}

#[test]
fn enter_loads_and_from_then_on_moving_loads_too() {
    let mut driver = phone("80x24", Language::En);
    let first = order(&driver.keys("I <enter>"));
    assert_eq!(
        first.url.as_str(),
        "https://cbu01.alicdn.com/img/ibank/2020/063/830/13235038360_979836901.jpg"
    );
    assert!(driver.screen().contains("loading from cbu01.alicdn.com"));
    assert_eq!(driver.keys("<enter>"), [], "it is being loaded already");
    let second = order(&driver.keys("j"));
    assert!(first.handle.is_cancelled(), "nobody waits for the first any more");
    arrive(&mut driver, first, Ok(picture(40, 40)));
    assert!(driver.screen().contains("loading from"), "what was cancelled is not shown as another picture");
    arrive(&mut driver, second, Ok(picture(400, 300)));
    assert!(driver.screen().contains("400×300 PNG"), "{}", driver.screen());
    order(&driver.keys("k"));
    assert_eq!(driver.keys("j"), [], "it was loaded before");
    assert!(driver.screen().contains("400×300 PNG"));
}

#[test]
fn a_closed_popup_ends_the_load() {
    let mut driver = phone("80x24", Language::En);
    let order = order(&driver.keys("I <enter>"));
    driver.keys("<esc>");
    assert!(order.handle.is_cancelled());
    arrive(&mut driver, order, Ok(picture(4, 4)));
    assert!(!driver.screen().contains("Pictures"));
}

#[test]
fn a_loaded_picture_is_shown_beside_the_list() {
    let mut driver = phone("80x24", Language::En);
    let order = order(&driver.keys("I <enter>"));
    arrive(&mut driver, order, Ok(picture(400, 300)));
    check("picture_80x24_en", &driver.focused());
    driver.keys("f");
    check("picture_large_80x24_en", &driver.focused());
    driver.keys("f");
    driver.resize("60x16");
    check("picture_60x16_en", &driver.focused());
}

#[test]
fn a_picture_without_its_end_is_shown_and_enter_loads_it_again() {
    let mut bytes = Cursor::new(Vec::new());
    RgbImage::from_pixel(64, 64, Rgb([9; 3])).write_to(&mut bytes, ImageFormat::Jpeg).unwrap();
    let bytes = bytes.into_inner();
    let cut = Arc::new(Picture::decode(&bytes[..bytes.len() - 2]).unwrap());
    let mut driver = phone("80x24", Language::En);
    let first = order(&driver.keys("I <enter>"));
    arrive(&mut driver, first, Ok(cut));
    assert!(driver.screen().contains("64×64 JPEG"));
    let again = order(&driver.keys("<enter>"));
    arrive(&mut driver, again, Ok(picture(40, 40)));
    assert!(driver.screen().contains("40×40 PNG"));
    assert_eq!(driver.keys("<enter>"), []);
}

/// A session whose terminal draws a picture itself, which is loaded and encoded.
pub(crate) fn with_drawn_picture(size: &str) -> Driver {
    let mut driver = with_item(size, Language::En, PictureMethod::Kitty, PHONE);
    let order = order(&driver.keys("I <enter>"));
    let (room, picture) = (order.room.unwrap(), picture(400, 400));
    arrive(&mut driver, order, Ok(Arc::clone(&picture)));
    picture.encode(room);
    driver
}

#[test]
fn a_picture_that_the_terminal_draws_waits_for_its_encoding() {
    let mut driver = with_item("80x24", Language::En, PictureMethod::Kitty, PHONE);
    let order = order(&driver.keys("I <enter>"));
    let room = order.room.unwrap();
    assert_eq!((room.width, room.height), (780, 400), "of the screen without frame, caption and footer");
    let picture = picture(400, 400);
    arrive(&mut driver, order, Ok(Arc::clone(&picture)));
    assert!(!driver.app.has_picture());
    picture.encode(room);
    let area = |driver: &Driver| driver.app.overlay(&driver.buffer()).picture.unwrap().area;
    let beside_the_list = area(&driver);
    driver.keys("f");
    let alone = area(&driver);
    assert!(alone.width > beside_the_list.width && alone.height > beside_the_list.height);
    assert_eq!(alone.x - 1, (78 - alone.width) / 2, "in the middle");
    driver.resize("30x6");
    assert!(driver.app.overlay(&driver.buffer()).picture.is_none(), "no layout, no picture");
}

#[rstest]
#[case(PictureError::Damaged, "Not shown: it is damaged.")]
#[case(PictureError::TooManyPixels(60_000, 60_000), "Not shown: it has 60000×60000 pixels")]
#[case(PictureError::Offline, "this session is offline")]
#[case(PictureFailure::NoPicture("text/html".to_owned()).into(), "Not shown: the host sent text/html")]
#[case(
    PictureFailure::Redirected(PictureUrlError::Host("pictures.example".to_owned())).into(),
    "pictures.example"
)]
fn a_picture_that_cannot_be_shown_says_why_and_enter_tries_again(
    #[case] error: PictureError,
    #[case] message: &str,
) {
    let mut driver = phone("120x36", Language::En);
    let first = order(&driver.keys("I <enter>"));
    arrive(&mut driver, first, Err(error));
    assert!(driver.screen().contains(message), "{}", driver.screen());
    assert_eq!(
        driver.keys("j k").iter().filter(|effect| effect_name(effect).contains("13235038360")).count(),
        0
    );
    order(&driver.keys("<enter>"));
}

#[test]
fn pictures_that_are_switched_off_are_listed_and_never_loaded() {
    let mut driver = with_item("80x24", Language::En, PictureMethod::Off, PHONE);
    assert_eq!(driver.keys("I <enter> j <enter>"), []);
    assert!(driver.screen().contains("Pictures are switched off"));
}

#[test]
fn the_address_is_copied_as_it_is_fetched() {
    let mut driver =
        with_item("80x24", Language::En, PictureMethod::Blocks, "taobao_item_get_600448952765.json");
    let copied: Vec<_> = driver.keys("I y").iter().map(effect_name).collect();
    let address = "https://img.alicdn.com/imgextra/i2/2491925690/O1CN01BOljSm1ru4AQ8wuoW_!!2491925690.jpg";
    assert_eq!(copied, [format!("copy {address}")]);
}

#[test]
fn a_picture_of_an_item_and_of_a_sku_is_listed_once_with_both_names() {
    let mut driver =
        with_item("80x24", Language::Zh, PictureMethod::Blocks, "taobao_item_get_600448952765.json");
    driver.keys("I");
    check("pictures_of_skus_80x24_zh", &driver.focused());
}

#[test]
fn without_an_item_there_is_nothing_to_load() {
    let mut driver = Driver::new("80x24", Language::En, false);
    driver.keys("<esc>");
    assert_eq!(driver.keys("I <enter> j y f"), []);
    assert!(driver.screen().contains("No item here, so no pictures."));
}
