namespace Dragoman.Routing.Classification;

/// <summary>
/// Makes letters comparable: lower case, without the accents that people leave out (é → e, ё → е, أ → ا), full-width forms as
/// plain ones. One character in, one out, so positions stay.
/// </summary>
internal static class TextFold
{
    // Each pair is a base letter and the accented ones that are written for it.
    private static readonly string[] Accented =
    [
        "aàáâãäåāăąǎạảấầẩẫậắằẳẵặ",
        "cçćĉċč",
        "dđďḍ",
        "eèéêëēĕėęěẹẻẽếềểễệ",
        "gğĝġģ",
        "hĥħḥ",
        "iìíîïĩīĭįıỉị",
        "jĵ",
        "kķ",
        "lłĺļľ",
        "nñńņňṇ",
        "oòóôõöøōŏőơǒọỏốồổỗộớờởỡợ",
        "rŕŗř",
        "sśŝşšșßṣ",
        "tţťțṭ",
        "uùúûüũūŭůűųưǔụủứừửữự",
        "wŵ",
        "yýÿŷỳỵỷỹ",
        "zźżžẓ",
        "еёѐ",
        "اأإآٱ",
        "هة",
        "يىی",
        "كک",
        "αά",
        "εέ",
        "ηή",
        "ιίϊ",
        "οό",
        "υύϋ",
        "ωώ",
        "σς",
    ];

    private static readonly char[] Table = MakeTable();

    /// <summary>The letter that stands for this one.</summary>
    public static char Of(char letter)
    {
        if (letter < Table.Length)
            return Table[letter];
        // Full-width ASCII, as Chinese and Japanese keyboards type it.
        return letter is >= '\uFF01' and <= '\uFF5E' ? Of((char)(letter - 0xFEE0)) : letter;
    }

    private static char[] MakeTable()
    {
        var table = new char[0x2000];
        for (var i = 0; i < table.Length; i++)
            table[i] = char.ToLowerInvariant((char)i);
        foreach (var family in Accented)
        {
            foreach (var letter in family.AsSpan(1))
            {
                table[letter] = family[0];
                table[char.ToUpperInvariant(letter)] = family[0];
            }
        }
        // The Turkish capital İ has no simple lower case.
        table['İ'] = 'i';
        return table;
    }
}
