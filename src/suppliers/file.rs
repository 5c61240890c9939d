//! Files that suppliers send: photographs, drawn anew; certificates, as PDF or drawn anew.

use chrono::{DateTime, Utc};
use sea_orm::{
    ActiveValue::{NotSet, Set},
    DatabaseTransaction, ExprTrait, PaginatorTrait, QuerySelect,
    entity::prelude::*,
    sea_query::Query,
};

use super::{certification, photo, supplier};
use crate::pictures::{Picture, WrongPicture, weigh};
use crate::suppliers::State;

/// Most files of an organisation: a hundred photographs of a third of a megabyte fit on any machine.
const MOST_FILES: u64 = 100;
/// A file that a supplier sent.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "supplier_files")]
pub struct Model {
    /// Key.
    #[sea_orm(primary_key)]
    pub id: i64,
    /// Whose.
    pub organisation_id: i64,
    /// What it is.
    pub kind: FileKind,
    /// What it was called, at most 120 characters.
    pub name: String,
    /// `application/pdf` or `image/jpeg`.
    pub media_type: String,
    /// What it holds.
    pub content: Vec<u8>,
    /// The same in little, of a photograph, as JPEG; those that came early have none.
    pub thumbnail: Option<Vec<u8>>,
    /// When it came.
    pub created_at: DateTimeUtc,
}

/// A file that a supplier sent.
pub type File = Model;

/// None.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// What a file is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "Text")]
pub enum FileKind {
    /// A certificate.
    #[sea_orm(string_value = "certificate")]
    Certificate,
    /// A photograph.
    #[sea_orm(string_value = "photo")]
    Photo,
}

/// A file found right.
#[derive(Clone, Debug)]
pub struct NewFile {
    kind: FileKind,
    name: String,
    media_type: &'static str,
    content: Vec<u8>,
    thumbnail: Option<Vec<u8>>,
}

/// Why a file is not taken. The sentences are for who sent it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum WrongFile {
    /// No picture that can be shown.
    #[error(transparent)]
    Picture(#[from] WrongPicture),
    /// Neither a picture nor a PDF.
    #[error("Ce fichier n’est ni un PDF, ni une photo JPEG, PNG ou WebP.")]
    NoDocument,
    /// A PDF that does something by itself.
    #[error("Ce PDF contient un programme ou un fichier caché. Imprimez-le de nouveau en PDF, ou prenez-en une photo.")]
    Active,
    /// A PDF without its end.
    #[error("Ce PDF est coupé\u{a0}: sa fin manque. Enregistrez-le de nouveau.")]
    Cut,
    /// The organisation has sent enough of them.
    #[error("Vous avez déjà envoyé cent fichiers. Retirez-en avant d’en ajouter.")]
    TooMany,
}

/// What a PDF holds that acts by itself or carries other files (ISO 32000, 12.6.4 and 7.11.4).
const ACTIVE: [&[u8]; 7] =
    [b"/JavaScript", b"/JS", b"/Launch", b"/EmbeddedFile", b"/RichMedia", b"/XFA", b"/SubmitForm"];

impl NewFile {
    /// Looks at what a browser sent, by its content. A picture is drawn anew, turned as its EXIF says: what else it held is
    /// gone. Takes up to a second: not for a thread that answers others.
    ///
    /// # Errors
    /// Why it is not taken.
    pub fn read(kind: FileKind, name: &str, bytes: &[u8]) -> Result<Self, WrongFile> {
        weigh(bytes)?;
        let name = name.chars().take(120).collect();
        // A PDF may begin with other bytes, and then be something else too.
        if kind == FileKind::Certificate && bytes.starts_with(b"%PDF-") {
            check_pdf(bytes)?;
            return Ok(Self { kind, name, media_type: "application/pdf", content: bytes.to_vec(), thumbnail: None });
        }
        let picture = match Picture::read(bytes) {
            Err(WrongPicture::NoPicture) if kind == FileKind::Certificate => return Err(WrongFile::NoDocument),
            read => read?,
        };
        let thumbnail = if kind == FileKind::Photo { Some(picture.thumbnail()?) } else { None };
        Ok(Self { kind, name, media_type: "image/jpeg", content: picture.jpeg()?, thumbnail })
    }
}

fn check_pdf(bytes: &[u8]) -> Result<(), WrongFile> {
    let tail = &bytes[bytes.len().saturating_sub(2_048)..];
    if !tail.windows(5).any(|window| window == b"%%EOF") {
        return Err(WrongFile::Cut);
    }
    let acts = |word: &[u8]| {
        bytes
            .windows(word.len() + 1)
            .any(|window| window.starts_with(word) && !window[word.len()].is_ascii_alphanumeric())
    };
    if ACTIVE.iter().any(|word| acts(word)) { Err(WrongFile::Active) } else { Ok(()) }
}

/// Keeps a file; nothing when the organisation has sent enough of them.
///
/// # Errors
/// What the database said.
pub async fn keep_file(
    txn: &DatabaseTransaction,
    organisation_id: i64,
    new: NewFile,
    now: DateTime<Utc>,
) -> Result<Option<i64>, DbErr> {
    let count = Entity::find().filter(Column::OrganisationId.eq(organisation_id)).count(txn).await?;
    if count >= MOST_FILES {
        return Ok(None);
    }
    let row = ActiveModel {
        id: NotSet,
        organisation_id: Set(organisation_id),
        kind: Set(new.kind),
        name: Set(new.name),
        media_type: Set(new.media_type.to_owned()),
        content: Set(new.content),
        thumbnail: Set(new.thumbnail),
        created_at: Set(now),
    };
    Ok(Some(Entity::insert(row).exec_with_returning(txn).await?.id))
}

/// A file of an organisation.
///
/// # Errors
/// What the database said.
pub async fn file_of(db: &impl ConnectionTrait, organisation_id: i64, id: i64) -> Result<Option<File>, DbErr> {
    Entity::find_by_id(id).filter(Column::OrganisationId.eq(organisation_id)).one(db).await
}

/// A photograph of a listing that everybody sees.
///
/// # Errors
/// What the database said.
pub async fn public_photo(db: &impl ConnectionTrait, id: i64) -> Result<Option<File>, DbErr> {
    public_photos(id).one(db).await
}

/// The same in little; nothing when there is no such photograph, or it came before there were little ones.
///
/// # Errors
/// What the database said.
pub async fn public_thumbnail(db: &impl ConnectionTrait, id: i64) -> Result<Option<Vec<u8>>, DbErr> {
    let little = public_photos(id).select_only().column(Column::Thumbnail);
    Ok(little.into_tuple::<Option<Vec<u8>>>().one(db).await?.flatten())
}

fn public_photos(id: i64) -> Select<Entity> {
    let shown = Query::select()
        .column((photo::Entity, photo::Column::FileId))
        .from(photo::Entity)
        .inner_join(
            supplier::Entity,
            Expr::col((supplier::Entity, supplier::Column::Id)).equals((photo::Entity, photo::Column::SupplierId)),
        )
        .and_where(Expr::col((supplier::Entity, supplier::Column::State)).eq(State::Published))
        .to_owned();
    Entity::find_by_id(id).filter(Column::Id.in_subquery(shown)).filter(Column::Kind.eq(FileKind::Photo))
}

/// A certificate of a listing that everybody sees; `address` is where it is served.
///
/// # Errors
/// What the database said.
pub async fn public_certificate(db: &impl ConnectionTrait, id: i64, address: &str) -> Result<Option<File>, DbErr> {
    let public = Query::select()
        .column(supplier::Column::Id)
        .from(supplier::Entity)
        .and_where(supplier::Column::State.eq(State::Published))
        .to_owned();
    let shown = certification::Entity::find().filter(certification::Column::Document.eq(address));
    if shown.filter(certification::Column::SupplierId.in_subquery(public)).one(db).await?.is_none() {
        return Ok(None);
    }
    Entity::find_by_id(id).one(db).await
}

/// Forgets the files of an organisation but these, which are shown.
///
/// # Errors
/// What the database said.
pub(super) async fn forget_others(
    txn: &DatabaseTransaction,
    organisation_id: i64,
    shown: Vec<i64>,
) -> Result<(), DbErr> {
    let others = Entity::delete_many().filter(Column::OrganisationId.eq(organisation_id));
    others.filter(Column::Id.is_not_in(shown)).exec(txn).await.map(drop)
}
