//! Mistakes in `[price]`.

use super::*;

#[test]
fn mistakes_in_price_are_reported_with_their_line() {
    let file = written(
        "[price.vars]\nrate = \"7,1\"\nitem = \"1\"\n\
         [price.columns.price]\nformula = \".price\"\n\
         [price.columns.sku_img]\nformula = \".price\"\n\
         [price.columns.axes]\nformula = \".price\"\n\
         [price.columns.landed]\ntitle = \"Landed\"\n\
         [price.columns.margin]\nformula = \" \"\n",
    );
    let error = file.error();
    assert_eq!(
        error,
        "line 2: `rate`: \"7,1\" is not a number such as \"7.1\"\n\
         line 3: `vars`: \"item\" is what formulas call the item: choose another name\n\
         line 4: `columns`: \"price\" is already a column of every SKU: choose another name\n\
         line 6: `columns`: \"sku_img\" is already a column of every SKU: choose another name\n\
         line 8: `columns`: \"axes\" is already a column of every SKU: choose another name\n\
         line 10: `landed`: a column needs a formula\n\
         line 13: `formula`: a column needs a formula"
    );
    let chinese = file.load().unwrap_err().describe(Texts::new(Language::Zh));
    assert!(chinese.contains("已是SKU的列名") && chinese.contains("在公式中已表示商品"), "{chinese}");
}

#[test]
fn names_that_are_only_like_those_of_skus_are_free() {
    let file = written(
        "[price.vars]\nprice = \"1\"\n[price.columns.item]\nformula = \".price\"\n\
         [price.columns.landed_price]\nformula = \".price * $price\"\n",
    );
    file.load().unwrap();
}
