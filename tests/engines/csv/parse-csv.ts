/** Reads CSV the slow and plain way, one character at a time; null is a field with nothing in it, not even quotes. */
export function parseCsv(text: string): readonly (readonly (string | null)[])[] {
  const records: (string | null)[][] = [];
  let record: (string | null)[] = [];
  let field: string | null = null;
  let isQuoted = false;
  for (let at = 0; at < text.length; at++) {
    const character = text[at] ?? "";
    if (isQuoted) {
      if (character !== '"') field = (field ?? "") + character;
      else if (text[at + 1] === '"') {
        field = `${field ?? ""}"`;
        at += 1;
      } else isQuoted = false;
    } else if (character === '"' && field === null) {
      isQuoted = true;
      field = "";
    } else if (character === ",") {
      record.push(field);
      field = null;
    } else if (character === "\n") {
      records.push([...record, field]);
      record = [];
      field = null;
    } else if (character !== "\r" || text[at + 1] !== "\n") field = (field ?? "") + character;
  }
  return records;
}
