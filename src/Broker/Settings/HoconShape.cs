namespace UdsBroker.Broker.Settings;

/// <summary>
/// Checks the outer syntax of a settings file before the runtime parses it, because the runtime's parser tolerates two common mistakes: a
/// brace that is never closed is accepted, and of two settings on one line without a comma the second and everything after it is dropped
/// silently. An operator has to be told, and a running broker must survive such a file at a reload.
/// </summary>
/// <remarks>
/// It knows comments (# and //), quoted and triple-quoted text, substitutions, braces, brackets, commas, line ends and the equals sign.
/// Nothing else of HOCON matters here. Blocks of a list without a comma between them would be merged into one, and a lost access rule is a
/// security hole.
/// </remarks>
internal sealed class HoconShape
{
    // The runtime's parser recurses for each level, and a stack overflow ends the process.
    private const int MaxDepth = 100;

    private readonly string _text;
    private readonly Stack<(char Open, int Line)> _open = [];
    private int _at;
    private int _line = 1;
    private bool _assigned;
    private bool _isAfterBlock;

    private HoconShape(string text) => _text = text;

    /// <summary>What is wrong, with its line, or null.</summary>
    public static string? FindProblem(string text) => new HoconShape(text).Scan();

    private string? Scan()
    {
        while (_at < _text.Length)
        {
            var problem = Step();
            if (problem is not null)
                return problem;
        }

        return _open.TryPeek(out var open) ? $"line {open.Line}: this {open.Open} is never closed" : null;
    }

    private string? Step()
    {
        switch (_text[_at])
        {
            case '#':
            case '/' when Follows("//"):
                SkipTo("\n", endIsPart: false);
                return null;
            case '"':
                return SkipText();
            case '$' when Follows("${"):
                SkipTo("}", endIsPart: true);
                return null;
            case '{' when _isAfterBlock && _open.TryPeek(out var list) && list.Open == '[':
                return $"line {_line}: two blocks of a list need a comma between them";
            case '{' or '[' when _open.Count == MaxDepth:
                return $"line {_line}: more than {MaxDepth} blocks and lists within each other";
            case '{' or '[':
                _open.Push((_text[_at], _line));
                _assigned = false;
                break;
            case '}' or ']':
                if (!_open.TryPop(out var open) || (open.Open == '{') != (_text[_at] == '}'))
                    return $"line {_line}: this {_text[_at]} closes nothing";
                _assigned = false;
                _isAfterBlock = _text[_at++] == '}';
                return null;
            case '=':
                if (_assigned)
                    return $"line {_line}: two settings on one line need a comma between them, and a value with '=' needs quotes";
                _assigned = true;
                break;
            case ',':
                _assigned = false;
                break;
            case '\n':
                _assigned = false;
                _line++;
                break;
        }

        if (!char.IsWhiteSpace(_text[_at])) _isAfterBlock = false;
        _at++;
        return null;
    }

    private string? SkipText()
    {
        var line = _line;
        if (Follows("\"\"\""))
        {
            _at += 3;
            return SkipTo("\"\"\"", endIsPart: true) ? null : $"line {line}: this quote is never closed";
        }

        for (_at++; _at < _text.Length && _text[_at] is not ('"' or '\n'); _at++)
        {
            if (_text[_at] == '\\')
                _at++;
        }

        if (_at >= _text.Length || _text[_at] == '\n')
            return $"line {line}: this quote is never closed";
        _at++;
        return null;
    }

    private bool SkipTo(string end, bool endIsPart)
    {
        var found = _text.IndexOf(end, _at, StringComparison.Ordinal);
        var next = found < 0 ? _text.Length : found + (endIsPart ? end.Length : 0);
        _line += _text.AsSpan(_at, next - _at).Count('\n');
        _at = next;
        return found >= 0;
    }

    private bool Follows(string what) => string.CompareOrdinal(_text, _at, what, 0, what.Length) == 0;
}
