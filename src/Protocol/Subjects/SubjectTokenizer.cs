namespace UdsBroker.Protocol;

/// <summary>
/// The one tokenizer: the parts between the dots of a subject or a pattern, from left to right, without allocating. It does not validate:
/// <c>a..b</c> has an empty token in the middle and the empty text has one empty token; <see cref="Subject.Validate"/> refuses both. Use
/// with <c>foreach</c> or with <see cref="MoveNext"/>; the spans live as long as the span given.
/// </summary>
public ref struct SubjectTokenizer
{
    private ReadOnlySpan<byte> _rest;
    private bool _ended;

    /// <summary>Starts before the first token.</summary>
    public SubjectTokenizer(ReadOnlySpan<byte> utf8)
    {
        _rest = utf8;
        Current = default;
    }

    /// <summary>The token of the last <see cref="MoveNext"/>.</summary>
    public ReadOnlySpan<byte> Current { get; private set; }

    /// <summary>Goes to the next token; false when there is none.</summary>
    public bool MoveNext()
    {
        if (_ended)
            return false;
        int dot = _rest.IndexOf((byte)'.');
        if (dot >= 0)
        {
            Current = _rest[..dot];
            _rest = _rest[(dot + 1)..];
            return true;
        }

        Current = _rest;
        _ended = true;
        return true;
    }

    /// <summary>Itself, for <c>foreach</c>.</summary>
    public readonly SubjectTokenizer GetEnumerator() => this;
}
