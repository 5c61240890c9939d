use std::collections::HashMap;

use sea_orm::DbErr;

use super::favourite::{self, Favourite};
use super::list::FavouriteList;
use crate::app::App;
use crate::contacts;
use crate::directory::Glance;
use crate::places::Commune;
use crate::suppliers::{self, Listing};

/// A supplier of a list, as the canteen sees it.
pub(super) struct Entry {
    /// Key of the supplier.
    pub(super) id: i64,
    pub(super) name: String,
    /// What the canteen says of it; may be empty.
    pub(super) note: String,
    /// What the directory shows of it; nothing while it is not in it.
    pub(super) shown: Option<Shown>,
}

/// What the directory shows of a supplier, and how this canteen may reach it.
pub(super) struct Shown {
    pub(super) slug: String,
    pub(super) glance: Glance,
    pub(super) phone: Option<String>,
    pub(super) email: Option<String>,
}

/// What is in a list, seen from the kitchen of its canteen, in the order in which it was put in.
///
/// # Errors
/// What the database said.
pub(super) async fn entries(app: &App, list: &FavouriteList, kitchen: Option<&Commune>) -> Result<Vec<Entry>, DbErr> {
    let favourites = favourite::of_list(&app.db, list.id).await?;
    let ids: Vec<i64> = favourites.iter().map(|favourite| favourite.supplier_id).collect();
    let listings = suppliers::load_many(&app.db, &ids).await?;
    let public: Vec<_> = listings.iter().map(|listing| &listing.supplier).filter(|one| one.is_public()).collect();
    let reached = contacts::reached(&app.db, list.organisation_id, &public).await?;
    let mut listings: HashMap<i64, Listing> =
        listings.into_iter().map(|listing| (listing.supplier.id, listing)).collect();
    let entry = |favourite: Favourite| {
        let listing = listings.remove(&favourite.supplier_id)?;
        let shown = listing.supplier.is_public().then(|| {
            let reach = |way: &Option<String>| way.clone().filter(|_| reached.contains(&favourite.supplier_id));
            Shown {
                slug: listing.supplier.slug.clone(),
                glance: Glance::of(app, &listing, kitchen),
                phone: reach(&listing.supplier.phone),
                email: reach(&listing.supplier.email),
            }
        });
        Some(Entry { id: favourite.supplier_id, name: listing.supplier.name, note: favourite.note, shown })
    };
    Ok(favourites.into_iter().filter_map(entry).collect())
}
