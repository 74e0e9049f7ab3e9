//! Where config file, store and log are, by the XDG base directories, on every system alike.
//!
//! The rules are applied here to a captured [`Environment`]: the libraries that know them read the process's. As the
//! specification demands, a directory that is not absolute is ignored.

use std::path::{Path, PathBuf};

use super::environment::Environment;

/// `None` where there is no home directory either.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Paths {
    /// `$XDG_CONFIG_HOME/obx/config.toml`, where the file is looked for when none is named.
    pub config_file: Option<PathBuf>,
    /// `$XDG_DATA_HOME/obx`: what must not be lost.
    pub data_dir: Option<PathBuf>,
    /// `$XDG_STATE_HOME/obx`: what belongs to this machine, such as logs and answers that wait for a server.
    pub state_dir: Option<PathBuf>,
    /// `$XDG_CACHE_HOME/obx`: what can be fetched again at no cost.
    pub cache_dir: Option<PathBuf>,
}

/// The file that settings are read from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConfigFile {
    /// Its path.
    pub path: PathBuf,
    /// Whether the user named it, so that it must exist.
    pub named: bool,
}

impl Paths {
    /// By the variables of this environment.
    pub fn new(environment: &Environment) -> Self {
        Self {
            config_file: base(environment, "XDG_CONFIG_HOME", ".config").map(|base| base.join("config.toml")),
            data_dir: base(environment, "XDG_DATA_HOME", ".local/share"),
            state_dir: base(environment, "XDG_STATE_HOME", ".local/state"),
            cache_dir: base(environment, "XDG_CACHE_HOME", ".cache"),
        }
    }

    /// Where the store is if nothing else is set.
    pub fn store(&self) -> Option<PathBuf> {
        self.data_dir.as_ref().map(|folder| folder.join("store.sqlite"))
    }

    /// Where pictures are kept.
    pub fn pictures(&self) -> Option<PathBuf> {
        self.cache_dir.as_ref().map(|folder| folder.join("pictures"))
    }

    /// Where answers wait that can't be sent to the server of the store.
    pub fn unsent(&self) -> Option<PathBuf> {
        self.state_dir.as_ref().map(|folder| folder.join("unsent"))
    }

    /// The log, which is written only if `OBX_LOG` is set.
    pub fn log(&self) -> Option<PathBuf> {
        self.state_dir.as_ref().map(|folder| folder.join("obx.log"))
    }
}

impl ConfigFile {
    /// The file named by `--config`, else by `OBX_CONFIG`, else the one in the usual place.
    pub fn choose(flag: Option<&Path>, environment: &Environment) -> Option<Self> {
        let variable = || environment.raw("OBX_CONFIG").map(Path::new);
        match flag.or_else(variable) {
            Some(path) => Some(Self { path: path.to_owned(), named: true }),
            None => Paths::new(environment).config_file.map(|path| Self { path, named: false }),
        }
    }
}

fn base(environment: &Environment, variable: &str, below_home: &str) -> Option<PathBuf> {
    let absolute =
        |name: &str| environment.raw(name).map(PathBuf::from).filter(|directory| directory.is_absolute());
    let base = absolute(variable).or_else(|| absolute("HOME").map(|home| home.join(below_home)))?;
    Some(base.join("obx"))
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    fn environment(pairs: &[(&str, &str)]) -> Environment {
        pairs.iter().copied().collect()
    }

    #[test]
    fn without_xdg_variables_everything_is_below_home() {
        let paths = Paths::new(&environment(&[("HOME", "/home/u")]));
        assert_eq!(paths.config_file, Some("/home/u/.config/obx/config.toml".into()));
        assert_eq!(paths.data_dir, Some("/home/u/.local/share/obx".into()));
        assert_eq!(paths.state_dir, Some("/home/u/.local/state/obx".into()));
        assert_eq!(paths.cache_dir, Some("/home/u/.cache/obx".into()));
    }

    #[test]
    fn xdg_variables_rank_before_home_unless_they_are_relative() {
        let paths = Paths::new(&environment(&[
            ("HOME", "/home/u"),
            ("XDG_CONFIG_HOME", "/c"),
            ("XDG_DATA_HOME", "data"),
            ("XDG_STATE_HOME", "/s"),
        ]));
        assert_eq!(paths.config_file, Some("/c/obx/config.toml".into()));
        assert_eq!(paths.data_dir, Some("/home/u/.local/share/obx".into()));
        assert_eq!(paths.state_dir, Some("/s/obx".into()));
    }

    #[test]
    fn without_any_directory_there_is_no_place() {
        let paths = Paths::new(&Environment::default());
        assert_eq!(paths, Paths { config_file: None, data_dir: None, state_dir: None, cache_dir: None });
    }

    #[test]
    fn a_named_file_ranks_flag_before_variable_before_the_usual_place() {
        let both = environment(&[("HOME", "/home/u"), ("OBX_CONFIG", "/v.toml")]);
        let chosen = |flag: Option<&str>, environment: &Environment| {
            ConfigFile::choose(flag.map(Path::new), environment).map(|file| (file.path, file.named))
        };
        assert_eq!(chosen(Some("/f.toml"), &both), Some(("/f.toml".into(), true)));
        assert_eq!(chosen(None, &both), Some(("/v.toml".into(), true)));
        let home = environment(&[("HOME", "/home/u")]);
        assert_eq!(chosen(None, &home), Some(("/home/u/.config/obx/config.toml".into(), false)));
    }
}
