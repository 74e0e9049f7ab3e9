//! Whether the output of subcommands is coloured: only on a terminal, unless the user says otherwise.

use std::io::{self, IsTerminal};

use obx_core::config::Environment;

/// `--color`
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum ColorWhen {
    /// On a terminal that is not dumb, without `NO_COLOR` or `CLICOLOR=0`; with `CLICOLOR_FORCE` everywhere.
    #[default]
    Auto,
    Always,
    Never,
}

impl std::str::FromStr for ColorWhen {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text {
            "auto" => Ok(Self::Auto),
            "always" => Ok(Self::Always),
            "never" => Ok(Self::Never),
            _ => Err("auto, always, never"),
        }
    }
}

impl ColorWhen {
    /// Returns true if stdout gets colours.
    pub(super) fn colors_stdout(self, environment: &Environment) -> bool {
        match self {
            Self::Always => true,
            Self::Never => false,
            Self::Auto if environment.forces_color() => true,
            Self::Auto => {
                let is_forbidden = environment.forbids_color() || environment.declines_color();
                io::stdout().is_terminal() && !environment.is_dumb_terminal() && !is_forbidden
            }
        }
    }
}
