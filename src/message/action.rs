//! What keys mean. The names here are those of the palette, of help, and of the config file.

use obx_core::i18n::Texts;

/// Declares the actions once: variant, name, the text that tells what it does, and whether it may spend.
macro_rules! actions {
    ($($(#[doc = $doc:literal])+ $action:ident $name:literal $text:ident $cost:ident,)+) => {
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

            /// Whether it can cost something. The key of one that does buys only while its price is on the screen.
            pub fn may_spend(self) -> bool {
                match self { $(Self::$action => actions!(@$cost),)+ }
            }
        }
    };
    (@free) => { false };
    (@may_spend) => { true };
}

actions! {
    /// Shows the ID's item: from the store where that is fresh, else by a call.
    Submit "submit" action_submit may_spend,
    /// Opens what the cursor is on.
    Open "open" action_open free,
    /// Fetches the item anew, past store and cache. Costs.
    Refetch "refetch" action_refetch may_spend,
    /// Sends the call that was held back here. Costs.
    Override "override" action_override may_spend,
    /// Ends the nearest: popup, input, waiting for a call.
    Escape "escape" action_escape free,
    /// One row down.
    Down "down" action_down free,
    /// One row up.
    Up "up" action_up free,
    /// One column to the left.
    Left "left" action_left free,
    /// One column to the right.
    Right "right" action_right free,
    /// To the first row.
    Top "top" action_top free,
    /// To the last row.
    Bottom "bottom" action_bottom free,
    /// A page down.
    PageDown "page_down" action_page_down free,
    /// A page up.
    PageUp "page_up" action_page_up free,
    /// Half a page down.
    HalfPageDown "half_page_down" action_half_page_down free,
    /// Half a page up.
    HalfPageUp "half_page_up" action_half_page_up free,
    /// Shows only the rows that match.
    Filter "filter" action_filter free,
    /// Runs a jq program over the response, live.
    Jq "jq" action_jq free,
    /// Sorts by the next column.
    Sort "sort" action_sort free,
    /// Sorts the other way round.
    SortReverse "sort_reverse" action_sort_reverse free,
    /// One pane on the whole screen, and back.
    Full "full" action_full free,
    /// What this outcome means, and what to do.
    Explain "explain" action_explain free,
    /// One call of any API, put together by hand.
    EditCall "edit_call" action_edit_call free,
    /// What is odd about this answer.
    Facts "facts" action_facts free,
    /// The item's description, to be read.
    Description "description" action_description free,
    /// How the quota stands, and how the day will end.
    Quota "quota" action_quota free,
    /// The answer before this one, of the same item.
    Older "older" action_older free,
    /// The answer after this one, of the same item.
    Newer "newer" action_newer free,
    /// What changed since the answer before, or since the marked one.
    Compare "compare" action_compare free,
    /// Marks this answer, to compare others with it.
    Mark "mark" action_mark free,
    /// Back to the item that was looked at before.
    Back "back" action_back free,
    /// Forward again.
    Forward "forward" action_forward free,
    /// Every item that was ever asked for, found by part of its ID, title or note.
    History "history" action_history free,
    /// Searches all stored answers.
    Find "find" action_find free,
    /// Marks the item as one to come back to.
    Star "star" action_star free,
    /// Writes a line down about the item.
    Note "note" action_note free,
    /// Copies what the cursor is on.
    Copy "copy" action_copy free,
    /// Folds or unfolds what the cursor is on.
    Fold "fold" action_fold free,
    /// Unfolds everything.
    UnfoldAll "unfold_all" action_unfold_all free,
    /// Folds everything.
    FoldAll "fold_all" action_fold_all free,
    /// Unfolds all that stands beside what the cursor is on.
    UnfoldLevel "unfold_level" action_unfold_level free,
    /// Folds all that stands beside it.
    FoldLevel "fold_level" action_fold_level free,
    /// To the next value in the same container.
    NextSibling "next_sibling" action_next_sibling free,
    /// To the value before it.
    PreviousSibling "previous_sibling" action_previous_sibling free,
    /// A long text in full, over several lines.
    Wrap "wrap" action_wrap free,
    /// To the next hit of the search.
    NextHit "next_hit" action_next_hit free,
    /// To the hit before.
    PreviousHit "previous_hit" action_previous_hit free,
    /// The response in another view.
    NextView "next_view" action_next_view free,
    /// The raw text set out line by line, and back.
    Pretty "pretty" action_pretty free,
    /// Writes it to a file, or to the clipboard, in one of many forms.
    Export "export" action_export free,
    /// Copies, by one key more.
    CopyMenu "copy_menu" action_copy_menu free,
    /// Copies the row, tab separated.
    CopyRow "copy_row" action_copy_row free,
    /// Copies the value.
    CopyValue "copy_value" action_copy_value free,
    /// Copies what names the value.
    CopyKey "copy_key" action_copy_key free,
    /// Copies the path to it.
    CopyPath "copy_path" action_copy_path free,
    /// Copies the path to it in jq's spelling.
    CopyJqPath "copy_jq_path" action_copy_jq_path free,
    /// Copies the call as a curl command, key and secret as variables.
    CopyCurl "copy_curl" action_copy_curl free,
    /// Copies the string, unescaped.
    CopyString "copy_string" action_copy_string free,
    /// Shows what was copied last.
    Register "register" action_register free,
    /// The body in an editor.
    OpenEditor "open_editor" action_open_editor free,
    /// The body in a pager.
    OpenPager "open_pager" action_open_pager free,
    /// The product's page.
    OpenPage "open_page" action_open_page free,
    /// To the next pane.
    NextPane "next_pane" action_next_pane free,
    /// To the previous pane.
    PreviousPane "previous_pane" action_previous_pane free,
    /// To the ID, to edit it.
    FocusId "focus_id" action_focus_id free,
    /// To the item.
    FocusItem "focus_item" action_focus_item free,
    /// To the SKUs.
    FocusSkus "focus_skus" action_focus_skus free,
    /// To the props.
    FocusProps "focus_props" action_focus_props free,
    /// To the request log.
    FocusRequests "focus_requests" action_focus_requests free,
    /// To the response.
    FocusResponse "focus_response" action_focus_response free,
    /// The keys of this pane, then all.
    Help "help" action_help free,
    /// Every action by its name.
    Palette "palette" action_palette free,
    /// The interface's other language.
    SwitchLanguage "switch_language" action_switch_language free,
    /// Draws the screen anew.
    Redraw "redraw" action_redraw free,
    /// Back to the shell; `fg` comes back.
    Suspend "suspend" action_suspend free,
    /// Back; at the top, quit.
    Leave "leave" action_leave free,
    /// Quits; asks for a second time while a call is under way.
    Quit "quit" action_quit free,
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

    /// Whether words after its name in the palette are its own.
    pub fn takes_words(self) -> bool {
        matches!(self, Self::History | Self::Find)
    }

    /// The action of that name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|action| action.name() == name)
    }
}
