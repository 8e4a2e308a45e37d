//! What a conversion into blocks could not keep.

use serde::Serialize;
use utoipa::ToSchema;

use crate::domain::invalid::{Flaw, Invalids, Rule, words};

words! {
    /// What was not kept of a body that was sent as Markdown or HTML.
    WarningCode {
        /// An element went, with all that it held or only its own meaning: a script, a form, a picture.
        ElementDropped = "element_dropped",
        /// An attribute that runs something when an event happens.
        EventHandlerDropped = "event_handler_dropped",
        /// A comment, or an instruction to a program.
        CommentDropped = "comment_dropped",
        /// A link whose address is not one that links may have; its words stayed.
        LinkDropped = "link_dropped",
        /// A character that no text may hold.
        CharacterDropped = "character_dropped",
        /// Structure that a block cannot have; its words stayed.
        StructureFlattened = "structure_flattened",
    }
}

/// Something that a conversion did not keep, told once for each kind of thing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Warning {
    pub code: WarningCode,
    /// What it was: the name of an element or attribute, the scheme of an address.
    #[schema(examples("script"))]
    pub name: String,
    /// The field that was converted.
    #[schema(examples("/body_html"))]
    pub pointer: &'static str,
    /// The line of the text where the first one stood, from 1.
    #[schema(minimum = 1)]
    pub line: u64,
    /// How many blocks came before the first one.
    pub block: usize,
    /// How many there were.
    #[schema(minimum = 1)]
    pub count: usize,
}

/// The warnings of one conversion, in the order in which the first of each kind was met.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Warnings(pub Vec<Warning>);

impl Warnings {
    /// More kinds than this help nobody; the rest is left out.
    const MOST: usize = 100;
    /// Names of a client's own are cut to this many characters.
    const NAME: usize = 60;

    pub fn add(&mut self, code: WarningCode, name: &str, pointer: &'static str, line: u64, block: usize) {
        let name: String = name.chars().take(Self::NAME).collect();
        let known = self.0.iter_mut().find(|one| one.code == code && one.name == name);
        if let Some(known) = known {
            known.count += 1;
        } else if self.0.len() < Self::MOST {
            self.0.push(Warning {
                code,
                name,
                pointer,
                line,
                block,
                count: 1,
            });
        }
    }

    /// The same as refusals, for a writer who would rather send again than lose something.
    pub fn refused(self) -> Invalids {
        let refused = self.0.into_iter().map(|one| {
            let message = format!(
                "`{}` at line {} would be lost ({})",
                one.name,
                one.line,
                one.code.as_str()
            );
            Flaw::new(Rule::NotAllowed, message).at(one.pointer)
        });
        Invalids(refused.collect())
    }
}
