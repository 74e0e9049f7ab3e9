//! A planted secret is searched for wherever something is shown or written.
