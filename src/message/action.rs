//! What keys mean. The names here are those of the palette, of help, and of the config file.

use crate::i18n::Texts;

/// Declares the actions once: variant, name, and the text that tells what it does.
macro_rules! actions {
    ($($(#[doc = $doc:literal])+ $action:ident $name:literal $text:ident,)+) => {
        /// What a key, or a line of the palette, does.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum Action {
            $($(#[doc = $doc])+ $action,)+
        }

        impl Action {
            /// All of them, in the order in which help shows them.
            pub const ALL: &'static [Self] = &[$(Self::$action,)+];

            /// Its name, in `snake_case`.
            pub fn name(self) -> &'static str {
                match self { $(Self::$action => $name,)+ }
            }

            /// What it does, in a line of help.
            pub fn describe(self, texts: Texts) -> &'static str {
                match self { $(Self::$action => texts.$text(),)+ }
            }
        }
    };
}

actions! {
    /// Shows the ID's item: from the store where that is fresh, else by a call.
    Submit "submit" action_submit,
    /// Opens what the cursor is on.
    Open "open" action_open,
    /// Fetches the item anew, past store and cache. Costs.
    FetchAnew "fetch_anew" action_fetch_anew,
    /// Sends the call that was held back here. Costs.
    Insist "insist" action_insist,
    /// Ends the nearest: popup, input, waiting for a call.
    Escape "escape" action_escape,
    /// One row down.
    Down "down" action_down,
    /// One row up.
    Up "up" action_up,
    /// One column to the left.
    Left "left" action_left,
    /// One column to the right.
    Right "right" action_right,
    /// To the first row.
    Top "top" action_top,
    /// To the last row.
    Bottom "bottom" action_bottom,
    /// A page down.
    PageDown "page_down" action_page_down,
    /// A page up.
    PageUp "page_up" action_page_up,
    /// Half a page down.
    HalfPageDown "half_page_down" action_half_page_down,
    /// Half a page up.
    HalfPageUp "half_page_up" action_half_page_up,
    /// Shows only the rows that match.
    Filter "filter" action_filter,
    /// Runs a jq program over the response, live.
    Jq "jq" action_jq,
    /// Sorts by the next column.
    Sort "sort" action_sort,
    /// Sorts the other way round.
    SortReverse "sort_reverse" action_sort_reverse,
    /// One pane on the whole screen, and back.
    Full "full" action_full,
    /// What this outcome means, and what to do.
    Explain "explain" action_explain,
    /// One call of any API, put together by hand.
    EditCall "edit_call" action_edit_call,
    /// What is odd about this answer.
    Facts "facts" action_facts,
    /// The item's description, to be read.
    Description "description" action_description,
    /// How the quota stands, and how the day will end.
    Quota "quota" action_quota,
    /// The answer before this one, of the same item.
    Older "older" action_older,
    /// The answer after this one, of the same item.
    Newer "newer" action_newer,
    /// What changed since the answer before, or since the marked one.
    Compare "compare" action_compare,
    /// Marks this answer, to compare others with it.
    Mark "mark" action_mark,
    /// Back to the item that was looked at before.
    Back "back" action_back,
    /// Forward again.
    Forward "forward" action_forward,
    /// Every item that was ever asked for, found by part of its ID, title or note.
    History "history" action_history,
    /// Searches all stored answers.
    Find "find" action_find,
    /// Marks the item as one to come back to.
    Star "star" action_star,
    /// Writes a line down about the item.
    Note "note" action_note,
    /// Copies what the cursor is on.
    Copy "copy" action_copy,
    /// Folds or unfolds what the cursor is on.
    Fold "fold" action_fold,
    /// Unfolds everything.
    UnfoldAll "unfold_all" action_unfold_all,
    /// Folds everything.
    FoldAll "fold_all" action_fold_all,
    /// Unfolds all that stands beside what the cursor is on.
    UnfoldLevel "unfold_level" action_unfold_level,
    /// Folds all that stands beside it.
    FoldLevel "fold_level" action_fold_level,
    /// To the next value in the same container.
    NextSibling "next_sibling" action_next_sibling,
    /// To the value before it.
    PreviousSibling "previous_sibling" action_previous_sibling,
    /// A long text in full, over several lines.
    Wrap "wrap" action_wrap,
    /// To the next hit of the search.
    NextHit "next_hit" action_next_hit,
    /// To the hit before.
    PreviousHit "previous_hit" action_previous_hit,
    /// The response in another view.
    NextView "next_view" action_next_view,
    /// The raw text set out line by line, and back.
    Pretty "pretty" action_pretty,
    /// Writes it to a file, or to the clipboard, in one of many forms.
    Export "export" action_export,
    /// Copies, by one key more.
    CopyMenu "copy_menu" action_copy_menu,
    /// Copies the row, tab separated.
    CopyRow "copy_row" action_copy_row,
    /// Copies the value.
    CopyValue "copy_value" action_copy_value,
    /// Copies what names the value.
    CopyKey "copy_key" action_copy_key,
    /// Copies the path to it.
    CopyPath "copy_path" action_copy_path,
    /// Copies the path to it in jq's spelling.
    CopyJqPath "copy_jq_path" action_copy_jq_path,
    /// Copies the call as a curl command, key and secret as variables.
    CopyCurl "copy_curl" action_copy_curl,
    /// Copies the string, unescaped.
    CopyString "copy_string" action_copy_string,
    /// Shows what was copied last.
    Register "register" action_register,
    /// The body in an editor.
    OpenEditor "open_editor" action_open_editor,
    /// The body in a pager.
    OpenPager "open_pager" action_open_pager,
    /// The product's page.
    OpenPage "open_page" action_open_page,
    /// To the next pane.
    NextPane "next_pane" action_next_pane,
    /// To the previous pane.
    PreviousPane "previous_pane" action_previous_pane,
    /// To the ID, to edit it.
    FocusId "focus_id" action_focus_id,
    /// To the item.
    FocusItem "focus_item" action_focus_item,
    /// To the SKUs.
    FocusSkus "focus_skus" action_focus_skus,
    /// To the props.
    FocusProps "focus_props" action_focus_props,
    /// To the request log.
    FocusRequests "focus_requests" action_focus_requests,
    /// To the response.
    FocusResponse "focus_response" action_focus_response,
    /// The keys of this pane, then all.
    Help "help" action_help,
    /// Every action by its name.
    Palette "palette" action_palette,
    /// The interface's other language.
    SwitchLanguage "switch_language" action_switch_language,
    /// Draws the screen anew.
    Redraw "redraw" action_redraw,
    /// Back to the shell; `fg` comes back.
    Suspend "suspend" action_suspend,
    /// Back; at the top, quit.
    Leave "leave" action_leave,
    /// Quits; asks for a second time while a call is under way.
    Quit "quit" action_quit,
}

impl Action {
    /// Whether it only moves a cursor.
    pub fn is_movement(self) -> bool {
        use Action::{Bottom, Down, HalfPageDown, HalfPageUp, Left, PageDown, PageUp, Right, Top, Up};
        matches!(
            self,
            Down | Up | Left | Right | Top | Bottom | PageDown | PageUp | HalfPageDown | HalfPageUp
        )
    }

    /// Whether it can cost something.
    pub fn may_spend(self) -> bool {
        matches!(self, Self::Submit | Self::FetchAnew | Self::Insist)
    }

    /// Whether words after its name in the palette are its own.
    pub fn takes_words(self) -> bool {
        matches!(self, Self::History | Self::Find)
    }

    /// The action of that name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|action| action.name() == name)
    }
}
