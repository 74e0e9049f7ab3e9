//! Lists as people have them.

use proptest::prelude::*;
use rstest::rstest;

use super::*;

fn parsed(list: &[u8], format: &InputFormat) -> Vec<InputLine> {
    BatchInput::new(list, format, "1688").unwrap().map(Result::unwrap).collect()
}

fn csv(column: Option<&str>) -> InputFormat {
    InputFormat::Csv { column: column.map(str::to_owned) }
}

fn items(lines: &[InputLine]) -> Vec<(u64, &str)> {
    let items = lines.iter().filter_map(|line| match line {
        InputLine::Item(line) => Some((line.number, line.id.as_str())),
        InputLine::Duplicate { .. } | InputLine::Invalid { .. } => None,
    });
    items.collect()
}

#[test]
fn a_text_has_ids_addresses_and_shared_text_and_every_other_line_is_named() {
    let list = "\u{feff}610947572360\r\n\r\n# suppliers\nhttps://detail.1688.com/offer/610947572361.html\n\
                商品ID：610947572362，起订量2件\n610947572360\nhello\n610947572363 610947572364\n610947572365";
    let lines = parsed(list.as_bytes(), &InputFormat::Lines);
    let expected = [(1, "610947572360"), (4, "610947572361"), (5, "610947572362"), (9, "610947572365")];
    assert_eq!(items(&lines), expected);
    let id = "610947572360".parse().unwrap();
    assert!(lines.contains(&InputLine::Duplicate { number: 6, id, first: 1 }));
    let invalid = |number, text: &str, error| InputLine::Invalid { number, text: text.to_owned(), error };
    assert!(lines.contains(&invalid(7, "hello", ItemIdError::NotFound)));
    assert!(lines.contains(&invalid(8, "610947572363 610947572364", ItemIdError::Several(2))));
}

#[rstest]
#[case("name,offer,qty\n杯子,610947572360,12\n盘子,610947572361,3\n", &["name", "offer", "qty"])]
#[case("杯子;610947572360;12\n盘子;610947572361;3\n", &[])]
#[case("name\toffer\n\"a\tb\"\thttps://detail.1688.com/offer/610947572360.html\nx\t610947572361\n", &["name", "offer"])]
#[case("phone,链接\n13800138000,610947572360\n13800138001,610947572361\n", &["phone", "链接"])]
fn the_column_of_a_table_is_found_by_its_name_or_its_content(#[case] list: &str, #[case] header: &[&str]) {
    let mut input = BatchInput::new(list.as_bytes(), &csv(None), "1688").unwrap();
    let lines: Vec<InputLine> = input.by_ref().map(Result::unwrap).collect();
    let ids: Vec<&str> = items(&lines).into_iter().map(|(_, id)| id).collect();
    assert_eq!(ids, ["610947572360", "610947572361"]);
    assert_eq!(input.header().unwrap_or_default(), header);
}

#[test]
fn the_other_cells_are_carried_along_and_a_record_has_the_number_of_its_first_line() {
    let list = "id,note\r\n610947572360,\"two\nlines\"\r\n\r\n610947572361,5\" x\r\n,\r\n oops ,y";
    let lines = parsed(list.as_bytes(), &csv(Some("ID")));
    let InputLine::Item(first) = &lines[0] else { panic!("{lines:?}") };
    assert_eq!(
        (first.number, first.columns.as_slice()),
        (2, &["610947572360", "two\nlines"].map(String::from)[..])
    );
    assert!(matches!(&lines[1], InputLine::Item(line) if line.number == 5), "{lines:?}");
    assert!(matches!(&lines[2], InputLine::Invalid { number: 7, text, .. } if text == " oops "), "{lines:?}");
}

#[test]
fn a_spreadsheet_in_gbk_is_read() {
    let (list, _, _) = encoding_rs::GBK.encode("名称,商品ID\n杯子,610947572360\n");
    let lines = parsed(&list, &csv(None));
    let InputLine::Item(line) = &lines[0] else { panic!("{lines:?}") };
    assert_eq!(line.columns, ["杯子", "610947572360"]);
}

#[test]
fn unicode_text_of_windows_is_read() {
    for (bytes, mark) in [(u16::to_le_bytes as fn(u16) -> [u8; 2], "little"), (u16::to_be_bytes, "big")] {
        let utf16 = |text: &str| text.encode_utf16().flat_map(bytes).collect::<Vec<u8>>();
        let list = utf16("\u{feff}名称\t商品ID\r\n杯子\t610947572360\r\n盘子\t610947572361\r\n");
        let lines = parsed(&list, &csv(None));
        assert_eq!(items(&lines), [(2, "610947572360"), (3, "610947572361")], "{mark}");
        let InputLine::Item(line) = &lines[0] else { panic!("{lines:?}") };
        assert_eq!(line.columns, ["杯子", "610947572360"]);
        let lines = parsed(&utf16("\u{feff}610947572360\r\n# 备注\r\n610947572361"), &InputFormat::Lines);
        assert_eq!(items(&lines), [(1, "610947572360"), (3, "610947572361")], "{mark}");
    }
}

#[test]
fn where_two_columns_look_alike_none_is_taken() {
    let list = "a,b\n13800138000,610947572360\n13800138001,610947572361\n";
    let error = BatchInput::new(list.as_bytes(), &csv(None), "1688").unwrap_err();
    assert!(matches!(&error, InputError::Ambiguous { columns } if columns == &["a", "b"]), "{error:?}");
    assert_eq!(items(&parsed(list.as_bytes(), &csv(Some("2")))).len(), 2);
    let error = BatchInput::new(list.as_bytes(), &csv(Some("c")), "1688").unwrap_err();
    assert_eq!(error.to_string(), "there is no column \"c\"; there are: a, b");
    let error = BatchInput::new(&b"a,b\n1,2\n"[..], &csv(None), "1688").unwrap_err();
    assert!(matches!(error, InputError::NoIds), "{error:?}");
    for empty in ["", "sku,offer_id\n"] {
        assert_eq!(parsed(empty.as_bytes(), &csv(None)), []);
    }
}

#[test]
fn a_fingerprint_is_of_the_ids_in_their_order() {
    let fingerprint = |list: &str, format: &InputFormat| {
        let mut input = BatchInput::new(list.as_bytes(), format, "1688").unwrap();
        input.by_ref().for_each(drop);
        input.fingerprint()
    };
    let lines = fingerprint("610947572360\n610947572361\n610947572360\n", &InputFormat::Lines);
    assert_eq!(lines, fingerprint("id,n\n610947572360,1\n610947572361,2\n", &csv(None)));
    assert_ne!(lines, fingerprint("610947572361\n610947572360\n", &InputFormat::Lines));
    assert_eq!(lines.len(), 32);
}

#[test]
fn a_file_without_line_breaks_does_not_fill_the_memory() {
    let list = vec![b'x'; 3 << 20];
    let read = BatchInput::new(list.as_slice(), &InputFormat::Lines, "1688").unwrap().next().unwrap();
    assert_eq!(read.unwrap_err().to_string(), "line 1 is too long");
}

proptest! {
    #[test]
    fn any_bytes_are_read_to_their_end(list in prop::collection::vec(any::<u8>(), 0..400)) {
        for format in [InputFormat::Lines, csv(None), csv(Some("1"))] {
            if let Ok(input) = BatchInput::new(list.as_slice(), &format, "1688") {
                prop_assert!(input.take(2_000).count() <= list.len());
            }
        }
    }
}

#[test]
fn a_quote_that_is_not_closed_is_an_error_and_swallows_no_line() {
    let csv = InputFormat::Csv { column: Some("offer_id".to_owned()) };
    let read = |list: &str| -> Result<usize, String> {
        let input = BatchInput::new(list.as_bytes(), &csv, "1688").map_err(|error| error.to_string())?;
        input
            .map(|line| line.map_err(|error| error.to_string()))
            .collect::<Result<Vec<_>, _>>()
            .map(|lines| lines.len())
    };
    let open = "offer_id,name\n610947572360,12\" pipe\n610947572361,\"5 inch\n610947572362,b\n";
    assert_eq!(read(open), Err("line 3: a quote is not closed".to_owned()));
    assert_eq!(read("offer_id,name\n610947572360,\"two\nlines\"\n610947572361,\"two\nlines\"\n"), Ok(2));
    assert_eq!(read("offer_id,name\n610947572360,\"two\nlines\""), Ok(1));
}
