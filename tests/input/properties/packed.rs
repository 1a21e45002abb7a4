//! A packed file (a .zip), put together byte by byte.

/// What a part holds.
#[derive(Clone, Copy)]
pub(crate) enum Part<'a> {
    /// The bytes as they are.
    Stored(&'a [u8]),
    /// Bytes that are packed, and how many they say they are.
    Deflated(&'a [u8], u32),
}

/// A packed file of these parts by name.
pub(crate) fn file(parts: &[(&str, Part<'_>)]) -> Vec<u8> {
    let (mut bytes, mut directory) = (Vec::with_capacity(4096), Vec::with_capacity(1024));
    for (name, part) in parts {
        let at = u32::try_from(bytes.len()).unwrap();
        let (method, held, size, sum) = match *part {
            Part::Stored(held) => (0, held, u32::try_from(held.len()).unwrap(), checksum(held)),
            Part::Deflated(held, size) => (8, held, size, 0),
        };
        // Version, flags, method, time, day; checksum; size packed and not; lengths of the name and of what follows it.
        let mut about = vec![20, 0, 0, 0, method, 0, 0, 0, 0x21, 0];
        about.extend(sum.to_le_bytes());
        about.extend(u32::try_from(held.len()).unwrap().to_le_bytes());
        about.extend(size.to_le_bytes());
        about.extend(u16::try_from(name.len()).unwrap().to_le_bytes());
        about.extend([0, 0]);
        bytes.extend(b"PK\x03\x04");
        bytes.extend(&about);
        bytes.extend(name.as_bytes());
        bytes.extend(held);
        directory.extend(b"PK\x01\x02\x14\x00");
        directory.extend(&about);
        directory.extend([0; 10]);
        directory.extend(at.to_le_bytes());
        directory.extend(name.as_bytes());
    }
    let (at, size) = (
        u32::try_from(bytes.len()).unwrap(),
        u32::try_from(directory.len()).unwrap(),
    );
    let count = u16::try_from(parts.len()).unwrap().to_le_bytes();
    bytes.extend(directory);
    bytes.extend(b"PK\x05\x06\x00\x00\x00\x00");
    bytes.extend([count, count].concat());
    bytes.extend(size.to_le_bytes());
    bytes.extend(at.to_le_bytes());
    bytes.extend([0, 0]);
    bytes
}

const CRC: [u32; 256] = {
    let mut table = [0; 256];
    let mut at = 0;
    while at < 256 {
        let mut value = at as u32;
        let mut bit = 0;
        while bit < 8 {
            value = if value & 1 == 1 {
                0xEDB8_8320 ^ (value >> 1)
            } else {
                value >> 1
            };
            bit += 1;
        }
        table[at] = value;
        at += 1;
    }
    table
};

fn checksum(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(!0, |sum, byte| {
        CRC[usize::from(byte ^ sum.to_le_bytes()[0])] ^ (sum >> 8)
    })
}
