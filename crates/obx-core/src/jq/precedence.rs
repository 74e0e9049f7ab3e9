//! Gives operators jq's precedence: `//` binds less than assignments, and `%` like `*` and `/`. jaq's parser has both the
//! other way round, so parentheses are put in before it parses.

use jaq_core::load::lex::{StrPart, Tok, Token};

type Tokens<'s> = Vec<Token<&'s str>>;

/// What a token is to its neighbours.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Role {
    Operand,
    /// `*`, `/`
    Times,
    /// `%`
    Rest,
    /// `=`, `|=`, `+=`, …
    Assign,
    /// `//`
    Alternative,
    /// Any other operator between two operands.
    Between,
    /// A keyword or separator: no operand reaches across it.
    End,
}

/// The same tokens, with parentheses where jaq needs them.
pub(super) fn grouped(tokens: Tokens<'_>) -> Tokens<'_> {
    let (mut grouped, mut part) = (Vec::new(), Vec::new());
    // `as` is followed by a pattern; the rest belongs to the term before it.
    let mut is_pattern = false;
    for token in tokens {
        let token = inside(token);
        if role(&token) != Role::End {
            part.push(token);
            continue;
        }
        let done = std::mem::take(&mut part);
        grouped.extend(if is_pattern { done } else { arranged(done) });
        is_pattern = token.0 == "as";
        grouped.push(token);
    }
    grouped.extend(if is_pattern { part } else { arranged(part) });
    grouped
}

/// Also inside brackets and strings.
fn inside(Token(text, kind): Token<&str>) -> Token<&str> {
    let kind = match kind {
        Tok::Block(tokens) => Tok::Block(grouped(tokens)),
        Tok::Str(parts) => {
            let part = |part| match part {
                StrPart::Term(token) => StrPart::Term(inside(token)),
                other => other,
            };
            Tok::Str(parts.into_iter().map(part).collect())
        }
        other => other,
    };
    Token(text, kind)
}

fn role(token: &Token<&str>) -> Role {
    match (token.0, &token.1) {
        ("*" | "/", Tok::Sym) => Role::Times,
        ("%", Tok::Sym) => Role::Rest,
        ("=" | "|=" | "+=" | "-=" | "*=" | "/=" | "%=" | "//=", Tok::Sym) => Role::Assign,
        ("//", Tok::Sym) => Role::Alternative,
        ("+" | "-" | "==" | "!=" | "<" | "<=" | ">" | ">=", Tok::Sym) | ("and" | "or", Tok::Word) => {
            Role::Between
        }
        ("|" | "," | ";" | ":" | ")" | "]" | "}", Tok::Sym)
        | ("as" | "if" | "then" | "elif" | "else" | "end" | "def" | "label", Tok::Word) => Role::End,
        _ => Role::Operand,
    }
}

/// The tokens between two boundaries.
fn arranged(tokens: Tokens<'_>) -> Tokens<'_> {
    let has = |wanted: Role| tokens.iter().any(|token| role(token) == wanted);
    let (assigns, divides) =
        (has(Role::Assign) && has(Role::Alternative), has(Role::Rest) && has(Role::Times));
    let tokens = if divides { with_rests(tokens) } else { tokens };
    if assigns { with_assignments(tokens) } else { tokens }
}

/// Both sides of an assignment end at `//`.
fn with_assignments(tokens: Tokens<'_>) -> Tokens<'_> {
    let (mut all, mut part) = (Vec::new(), Vec::new());
    for token in tokens {
        if role(&token) == Role::Alternative {
            all.extend(in_parentheses_if(std::mem::take(&mut part), Role::Assign));
            all.push(token);
        } else {
            part.push(token);
        }
    }
    all.extend(in_parentheses_if(part, Role::Assign));
    all
}

/// The left side of `%` is the whole product before it.
fn with_rests(tokens: Tokens<'_>) -> Tokens<'_> {
    let (mut all, mut product) = (Vec::new(), Vec::new());
    for token in tokens {
        match role(&token) {
            Role::Rest => {
                product = in_parentheses_if(product, Role::Times);
                product.push(token);
            }
            // A minus after another operator is a sign.
            role @ (Role::Between | Role::Assign | Role::Alternative)
                if role != Role::Between || ends_with_operand(&product) =>
            {
                all.append(&mut product);
                all.push(token);
            }
            _ => product.push(token),
        }
    }
    all.append(&mut product);
    all
}

fn ends_with_operand(tokens: &[Token<&str>]) -> bool {
    tokens.last().is_some_and(|token| role(token) == Role::Operand)
}

fn in_parentheses_if(mut tokens: Tokens<'_>, wanted: Role) -> Tokens<'_> {
    if !ends_with_operand(&tokens) || !tokens.iter().any(|token| role(token) == wanted) {
        return tokens;
    }
    tokens.push(Token(")", Tok::Sym));
    vec![Token("(", Tok::Block(tokens))]
}
