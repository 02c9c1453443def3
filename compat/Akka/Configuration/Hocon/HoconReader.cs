using System.Buffers;
using System.Globalization;
using System.Text;

namespace Akka.Configuration.Hocon;

/// <summary>
/// A cursor over HOCON text that knows the lexical half of the format: white space, comments, quoted and unquoted text, escapes. What the
/// pieces mean is the <see cref="Parser"/>'s half.
/// </summary>
internal sealed class HoconReader(string text)
{
    private static readonly SearchValues<char> NotInText = SearchValues.Create("$\"{}[]:=,#`^?!@*&\\");
    private static readonly SearchValues<char> NotInKey = SearchValues.Create("$\"{}[]:=,#`^?!@*&\\.");

    private int _at;

    internal bool AtEnd => _at >= text.Length;

    internal bool AtSubstitution => At("${");

    internal bool AtUnquotedText => !AtEnd && !char.IsWhiteSpace(text[_at]) && !AtComment && !NotInText.Contains(text[_at]);

    private bool AtComment => At("#") || At("//");

    /// <summary>Whether an include statement starts here: the word, white space, a quote. Moves behind them if so.</summary>
    internal bool TakeIncludeName(out string name)
    {
        name = null;
        var start = _at;
        if (Take("include") && !AtEnd && (char.IsWhiteSpace(text[_at]) || AtComment))
        {
            SkipBlank();
            if (At("\""))
            {
                name = TakeQuoted();
                return true;
            }
        }

        _at = start;
        return false;
    }

    internal bool At(string expected) => string.CompareOrdinal(text, _at, expected, 0, expected.Length) == 0;

    internal bool Take(string expected)
    {
        if (!At(expected))
            return false;
        _at += expected.Length;
        return true;
    }

    /// <summary>Moves behind white space, line ends and comments.</summary>
    internal void SkipBlank()
    {
        while (!AtEnd)
        {
            if (char.IsWhiteSpace(text[_at]))
                _at++;
            else if (AtComment)
                SkipLine();
            else
                return;
        }
    }

    /// <summary>The spaces and tabs from here on, which count when text stands on both sides of them.</summary>
    internal string TakeSpaces()
    {
        var start = _at;
        while (!AtEnd && text[_at] is ' ' or '\t')
            _at++;
        return text[start.._at];
    }

    /// <summary>A key: quoted, or unquoted up to a dot, a separator or a brace. Unquoted keys may hold spaces inside.</summary>
    internal string TakeKey()
    {
        if (At("\""))
            return TakeQuoted();

        var start = _at;
        while (!AtEnd && !AtComment && !NotInKey.Contains(text[_at]))
            _at++;
        var key = text[start.._at].Trim();
        if (key.Length == 0)
            throw Wrong("a key is expected");
        if (key.AsSpan().ContainsAny('\r', '\n'))
            throw Wrong($"the key {key[..key.AsSpan().IndexOfAny('\r', '\n')]} has no value");
        return key;
    }

    /// <summary>Unquoted text, which ends at white space, a comment or a character with a meaning.</summary>
    internal string TakeUnquoted()
    {
        var start = _at;
        while (AtUnquotedText)
            _at++;
        return text[start.._at];
    }

    /// <summary>Text between three quotes on each side, as it is.</summary>
    internal string TakeTripleQuoted()
    {
        var start = _at + 3;
        var end = text.IndexOf("\"\"\"", start, StringComparison.Ordinal);
        if (end < 0)
            throw Wrong("the text that starts here with three quotes does not end");
        _at = end + 3;
        return text[start..end];
    }

    /// <summary>Text between quotes, unescaped.</summary>
    internal string TakeQuoted()
    {
        var start = _at++;
        var unescaped = new StringBuilder();
        while (!Take("\""))
        {
            if (AtEnd)
            {
                _at = start;
                throw Wrong("the quoted text that starts here does not end");
            }

            var next = text[_at++];
            unescaped.Append(next == '\\' ? TakeEscape() : next);
        }

        return unescaped.ToString();
    }

    /// <summary>A complaint with the place of the cursor.</summary>
    internal FormatException Wrong(string complaint) => new($"{Place()}: {complaint}");

    /// <summary>Line and column of the cursor, counted from 1.</summary>
    internal string Place()
    {
        var before = text.AsSpan(0, Math.Min(_at, text.Length));
        return $"line {before.Count('\n') + 1}, column {before.Length - before.LastIndexOf('\n')}";
    }

    private char TakeEscape()
    {
        var escaped = AtEnd ? '\0' : text[_at++];
        return escaped switch
        {
            '"' or '\\' or '/' => escaped,
            'b' => '\b',
            'f' => '\f',
            'n' => '\n',
            'r' => '\r',
            't' => '\t',
            'u' => TakeHex(),
            _ => throw Wrong($"\\{escaped} is not an escape: \\\" \\\\ \\/ \\b \\f \\n \\r \\t \\uXXXX"),
        };
    }

    private char TakeHex()
    {
        if (_at + 4 > text.Length || !ushort.TryParse(text.AsSpan(_at, 4), NumberStyles.AllowHexSpecifier, null, out var code))
            throw Wrong("\\u needs four hexadecimal digits");
        _at += 4;
        return (char)code;
    }

    /// <remarks>The real parser does not see a comment whose marker ends the text; it is refused here, so that nobody relies on it.</remarks>
    private void SkipLine()
    {
        if (_at + (At("#") ? 1 : 2) == text.Length)
            throw Wrong("a comment marker must not be the end of the text; a line end is missing");
        var end = text.IndexOf('\n', _at);
        _at = end < 0 ? text.Length : end + 1;
    }
}
