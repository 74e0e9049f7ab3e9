//! What `obx view` can be set to: everything else of the config file is passed over.

use super::display::DisplaySettings;
use super::environment::Environment;
use super::error::{ConfigError, Warning};
use super::merge::{Given, language};
use super::paths::ConfigFile;
use super::schema::FileSettings;
use super::screen::{ScreenFlags, ScreenSettings};
use super::units::size;
use super::{Access, Config, Flags, Freshness, Guards, Paths, Place, file, secrets};
use onebound::{CallSettings, Credentials, Limits};

/// What is needed to view a file.
#[derive(Clone, Debug)]
pub struct ViewConfig {
    /// No account and no host, so that nothing can be sent, and a store in memory.
    pub config: Config,
    /// No more bytes of a file are read.
    pub max_bytes: usize,
    /// The environment's credentials, to be masked in the file.
    pub credentials: Option<Credentials>,
}

/// No larger file is viewed where nothing else is set, in bytes.
const MAX_FILE: usize = 256_000_000;

/// Reads what `obx view` can be set to. A config file that can't be read is a warning: the file can be viewed without it.
///
/// # Errors
/// When a flag or a variable can't be used.
pub fn for_files(
    ui_lang: Option<&str>,
    max_size: Option<&str>,
    screen: ScreenFlags,
    environment: &Environment,
) -> Result<ViewConfig, ConfigError> {
    environment.check()?;
    let place = || ConfigFile::choose(None, environment);
    let (file, warnings) = match file::read(place()) {
        Ok(file) => (file, Vec::new()),
        Err(error) => {
            let only_language = FileSettings { ui_lang: file::ui_lang(place()), ..FileSettings::default() };
            (only_language, vec![Warning::FileIgnored(error)])
        }
    };
    let flags = Flags { ui_lang: ui_lang.map(str::to_owned), ..Flags::default() };
    let screen = ScreenSettings::new(screen, environment, file.screen);
    let config = Config {
        profile: "file".to_owned(),
        access: Access::None,
        hosts: Vec::new(),
        call: CallSettings::default(),
        limits: Limits::default(),
        freshness: Freshness::default(),
        place: Place::Memory,
        demo_view: None,
        server_view: None,
        guards: Guards::default(),
        offline: true,
        price_per_call: None,
        sku_columns: file.sku_columns.clone(),
        mouse: file.mouse,
        price: file.price.clone(),
        restore: false,
        language: language(&flags, environment, &file)?,
        screen,
        display: DisplaySettings::new(file.display, screen, environment),
        // Those that were stored before can be looked at.
        picture_folder: Paths::new(environment).pictures(),
        keys: file.keys,
        warnings,
    };
    let max_bytes = match max_size {
        Some(text) => Given::new("--max-size", text).parse(size)?,
        None => file.view_size.unwrap_or(MAX_FILE),
    };
    Ok(ViewConfig { config, max_bytes, credentials: secrets::from_environment(environment)? })
}
