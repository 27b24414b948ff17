using System.Collections.Frozen;

namespace Dragoman.Routing.Classification;

/// <summary>
/// The language of a short text: by its script where one language writes it, by telling letters where two share it, by its little
/// words in the Latin script.
/// </summary>
internal static class LanguageGuess
{
    // The little words of each language, without accents; a word of several languages counts less for each.
    private static readonly (string Language, string Words)[] LittleWords =
    [
        (
            "en",
            "the of and to in is are you that it for on with as what how who why when where this my your can do does i a an be have from write about me please which would should not if tell give make explain was were his her all there hello hi hey thanks good more than"
        ),
        (
            "de",
            "der die das und ist nicht ein eine einen einem einer wie was wer warum wann ich du wir mit fur auf von zu im den dem des es mir mein kannst schreibe schreib bitte uber auch wird sind bei nach aus oder welche erklare gibt ins dir hat haben hallo danke geht dich du meine"
        ),
        (
            "fr",
            "le la les des un une est et de du que qui pour dans sur avec je tu vous nous ce cette quel quelle comment pourquoi ecris moi mon ma au aux en pas ne se il elle plus peux sont ont peut donne fait quels quelles bonjour merci ca va tu suis salut"
        ),
        (
            "es",
            "el la los las un una es y de del que en por para con como cual cuales quien donde cuando me mi tu se lo su al no hay escribe esta este son mas qué dame puedes sobre siguiente hola necesito hacer fue tiene gracias estas eres"
        ),
        (
            "it",
            "il lo la gli le un una e di del della che in per con come quale quali chi dove quando mi mio non sono si al alla scrivi questo questa cosa perche puoi piu nel dei delle ho fa era ha seguente vorrei ciao grazie stai sei"
        ),
        (
            "pt",
            "o a os as um uma e de do da que em para com como qual quais quem onde quando me meu minha nao se no na ao dos das escreva este esta isso por voce sao mais pode uns texto sobre foi tem seguinte fazer oi tudo bem obrigado voce"
        ),
        (
            "nl",
            "de het een en is van dat wat hoe wie waarom wanneer ik je jij mijn met voor op in te zijn niet aan er deze dit schrijf naar bij ook kan als om maar uit welke geef leg geen wordt nog hoi bedankt gaat"
        ),
        (
            "pl",
            "i w z na jest nie sie do to co jak kto dlaczego kiedy gdzie dla o czy mi moj po od ze ktory napisz jaki jakie za przez tego tym ile ponizszy sa oraz ten ta te byl czesc dziekuje prosze"
        ),
        (
            "tr",
            "bir ve bu ne nasil icin ile mi mu da de kim neden hangi nedir bana benim var olarak daha en cok yaz gibi sen ben kadar olan ki nerede degil hakkinda icinde metni merhaba selam nasilsin"
        ),
        (
            "vi",
            "la va cua cho toi ban khong co mot cac nhung trong nay gi the nao hay duoc voi nhu viet sang tieng dich tai sao o den khi nguoi hoi doan bai ve cau"
        ),
        (
            "id",
            "yang dan di ke dari untuk dengan apa ini itu saya kamu adalah bagaimana siapa buat tulis tidak ada dalam mengapa kapan sebuah tentang pada bisa jelaskan berikut anda oleh atau akan apakah berapa"
        ),
        (
            "sv",
            "och ar det att en ett som pa for med jag du hur vad varfor skriv om av inte till den kan har min nar vem eller var ska"
        ),
        (
            "da",
            "og er det at en et som pa for med jeg du hvordan hvad hvorfor skriv om af ikke til den kan har min hvornar hvem eller skal"
        ),
        (
            "no",
            "og er det a en et som pa for med jeg du hvordan hva hvorfor skriv om av ikke til den kan har min nar hvem eller skal noe"
        ),
        (
            "fi",
            "ja on ei se mika miten miksi kuka mita minun kirjoita etta kun voi olla sina mina ovat tama missa milloin joka"
        ),
        (
            "cs",
            "a je v na se to jak co proc kdo kdy kde pro s z do mi muj napis jaky ktery neni jsou pri nebo jako tento ze"
        ),
        (
            "ro",
            "si este in de la un o cu pe ce cum cine cand unde pentru din nu mi imi scrie care sunt sa mai despre al"
        ),
        (
            "hu",
            "a az es egy hogy nem van mi ki miert hogyan mikor hol irj nekem ez is meg mint le volt"
        ),
        (
            "ca",
            "el la els les un una es i de del que en per amb com qui quan on escriu meu aquest aquesta son mes els"
        ),
    ];

    private static readonly (string Language, string Letters)[] LettersOf =
    [
        ("de", "ßä"),
        ("es", "ñ¿¡"),
        ("pt", "ãõ"),
        ("pl", "łśźżę"),
        ("tr", "ğışİ"),
        ("cs", "řěů"),
        ("ro", "ță"),
        ("hu", "őű"),
        ("vi", "ơưđ"),
        ("fr", "êçœû"),
        ("it", "òì"),
        ("sv", "å"),
        ("da", "øæ"),
    ];

    private static readonly FrozenDictionary<uint, (int[] Languages, float Weight)> Words =
        MakeWords();
    private static readonly FrozenDictionary<char, int> TellingLetters = MakeLetters();

    /// <summary>The ISO 639-1 code; null where nothing tells.</summary>
    public static string? Of(ReadOnlySpan<char> text, ReadOnlySpan<PromptToken> tokens)
    {
        var scripts = new ScriptCount();
        foreach (var token in tokens)
            scripts.Add(text[token.Start]);
        if (scripts.Kana > 0 && scripts.Kana * 8 >= scripts.Kana + scripts.Han)
            scripts.Han = 0;
        else
            scripts.Kana = 0;

        var most = Math.Max(
            Math.Max(
                Math.Max(scripts.Latin, scripts.Cyrillic),
                Math.Max(scripts.Han, scripts.Kana)
            ),
            Math.Max(Math.Max(scripts.Hangul, scripts.Arabic), scripts.Other)
        );
        if (most == 0)
            return null;
        // A foreign letter among Latin words is a quotation; a Latin name among foreign letters is a name.
        if (scripts.Kana == most)
            return "ja";
        if (scripts.Han == most)
            return "zh";
        if (scripts.Hangul == most)
            return "ko";
        if (scripts.Cyrillic == most)
            return Cyrillic(text);
        if (scripts.Arabic == most)
            return Arabic(text);
        if (scripts.Other == most)
            return scripts.OtherLanguage;
        return Latin(text, tokens);
    }

    private static string? Latin(ReadOnlySpan<char> text, ReadOnlySpan<PromptToken> tokens)
    {
        Span<float> scores = stackalloc float[LittleWords.Length];
        scores.Clear();
        foreach (var token in tokens)
        {
            if (!Words.TryGetValue(token.Hash, out var word))
                continue;
            foreach (var language in word.Languages)
                scores[language] += word.Weight;
        }
        AddTellingLetters(text, scores);
        var best = 0;
        for (var i = 1; i < scores.Length; i++)
        {
            if (scores[i] > scores[best])
                best = i;
        }
        return scores[best] > 0 ? LittleWords[best].Language : null;
    }

    private static void AddTellingLetters(ReadOnlySpan<char> text, Span<float> scores)
    {
        var seen = 0;
        foreach (var c in text)
        {
            if (c < 128)
                continue;
            if (!TellingLetters.TryGetValue(c, out var language))
                continue;
            // A few are enough: one quoted word must not outvote a sentence.
            if (++seen > 6)
                return;
            scores[language] += 0.5f;
        }
    }

    private static FrozenDictionary<char, int> MakeLetters()
    {
        var letters = new Dictionary<char, int>();
        foreach (var (language, own) in LettersOf)
        {
            foreach (var letter in own)
                letters[letter] = Array.FindIndex(LittleWords, entry => entry.Language == language);
        }
        // Vietnamese stacks its accents on letters of their own.
        for (var letter = '\u1EA0'; letter <= '\u1EF9'; letter++)
            letters[letter] = Array.FindIndex(LittleWords, entry => entry.Language == "vi");
        return letters.ToFrozenDictionary();
    }

    private static string Cyrillic(ReadOnlySpan<char> text)
    {
        if (text.IndexOfAny("іїєґІЇЄҐ") >= 0 && text.IndexOfAny("ыэёЫЭЁ") < 0)
            return "uk";
        if (text.IndexOfAny("ђћџљњј") >= 0)
            return "sr";
        return text.IndexOfAny("ыэёЫЭЁ") < 0 && Count(text, 'ъ') * 60 > text.Length ? "bg" : "ru";
    }

    private static string Arabic(ReadOnlySpan<char> text)
    {
        if (text.IndexOfAny("ٹڈڑںے") >= 0)
            return "ur";
        return text.IndexOfAny("پچژگکی") >= 0 ? "fa" : "ar";
    }

    private static int Count(ReadOnlySpan<char> text, char letter)
    {
        var count = 0;
        foreach (var c in text)
        {
            if (c == letter)
                count++;
        }
        return count;
    }

    private static FrozenDictionary<uint, (int[], float)> MakeWords()
    {
        var owners = new Dictionary<uint, List<int>>();
        for (var language = 0; language < LittleWords.Length; language++)
        {
            foreach (var word in LittleWords[language].Words.Split(' ').Distinct())
            {
                var hash = PromptTokens.HashOf(word);
                if (!owners.TryGetValue(hash, out var of))
                    owners[hash] = of = [];
                of.Add(language);
            }
        }
        return owners.ToFrozenDictionary(
            pair => pair.Key,
            pair => (pair.Value.ToArray(), 1f / pair.Value.Count)
        );
    }

    private struct ScriptCount
    {
        public int Latin;
        public int Cyrillic;
        public int Han;
        public int Kana;
        public int Hangul;
        public int Arabic;
        public int Other;
        public string? OtherLanguage;

        public void Add(char c)
        {
            switch (c)
            {
                case < '\u0250' or (>= '\u1E00' and <= '\u1EFF'):
                    if (char.IsLetter(c))
                        Latin++;
                    break;
                case >= '\u0400' and <= '\u052F':
                    Cyrillic++;
                    break;
                case >= '\u0600' and <= '\u077F':
                    Arabic++;
                    break;
                case >= '\u3040' and <= '\u30FF':
                    Kana++;
                    break;
                case >= '\u3400' and <= '\u9FFF':
                    Han++;
                    break;
                case >= '\uAC00' and <= '\uD7A3':
                    Hangul++;
                    break;
                default:
                    if (OfScript(c) is { } language)
                    {
                        Other++;
                        OtherLanguage ??= language;
                    }
                    break;
            }
        }

        private static string? OfScript(char c) =>
            c switch
            {
                >= '\u0370' and <= '\u03FF' => "el",
                >= '\u0530' and <= '\u058F' => "hy",
                >= '\u0590' and <= '\u05FF' => "he",
                >= '\u0900' and <= '\u097F' => "hi",
                >= '\u0980' and <= '\u09FF' => "bn",
                >= '\u0A00' and <= '\u0A7F' => "pa",
                >= '\u0A80' and <= '\u0AFF' => "gu",
                >= '\u0B00' and <= '\u0B7F' => "or",
                >= '\u0B80' and <= '\u0BFF' => "ta",
                >= '\u0C00' and <= '\u0C7F' => "te",
                >= '\u0C80' and <= '\u0CFF' => "kn",
                >= '\u0D00' and <= '\u0D7F' => "ml",
                >= '\u0D80' and <= '\u0DFF' => "si",
                >= '\u0E00' and <= '\u0E7F' => "th",
                >= '\u1000' and <= '\u109F' => "my",
                >= '\u10A0' and <= '\u10FF' => "ka",
                >= '\u1200' and <= '\u137F' => "am",
                _ => null,
            };
    }
}
