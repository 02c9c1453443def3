namespace UdsBroker.Broker.Access;

/// <summary>
/// A parsed pattern, for two operations on sets of subjects that access rules need: the intersection of two patterns, which is a pattern
/// again, and a subject that represents all matching ones of a length.
/// </summary>
internal sealed class SubjectShape
{
    /// <summary>
    /// A token that no pattern can name, because subjects cannot hold the character: only a wildcard matches it, so a subject made with it
    /// stands for every subject with any other token in its place.
    /// </summary>
    internal const byte AnyToken = 1;

    private readonly IReadOnlyList<ReadOnlyMemory<byte>> _tokens;
    private readonly bool _hasTail;

    private SubjectShape(IReadOnlyList<ReadOnlyMemory<byte>> tokens, bool hasTail)
    {
        _tokens = tokens;
        _hasTail = hasTail;
    }

    /// <summary>The fewest tokens of a subject that matches.</summary>
    internal int MinTokens => _tokens.Count + (_hasTail ? 1 : 0);

    /// <summary>The most tokens of a subject that matches, or <see cref="int.MaxValue"/>.</summary>
    internal int MaxTokens => _hasTail ? int.MaxValue : _tokens.Count;

    /// <summary>Parses a valid pattern.</summary>
    internal static SubjectShape Of(ReadOnlyMemory<byte> pattern)
    {
        var tokens = new List<ReadOnlyMemory<byte>>();
        for (var start = 0; start <= pattern.Length;)
        {
            var dot = pattern.Span[start..].IndexOf((byte)'.');
            var end = dot < 0 ? pattern.Length : start + dot;
            tokens.Add(pattern[start..end]);
            start = end + 1;
        }

        var hasTail = tokens[^1].Span is [(byte)'>'];
        if (hasTail) tokens.RemoveAt(tokens.Count - 1);
        return new SubjectShape(tokens, hasTail);
    }

    /// <summary>
    /// The subjects that match both, or null when there are none. Does not consider that some subjects are hidden from wildcards.
    /// </summary>
    internal SubjectShape? Intersect(SubjectShape other)
    {
        var (shorter, longer) = _tokens.Count <= other._tokens.Count ? (this, other) : (other, this);
        if (shorter._tokens.Count < longer._tokens.Count)
        {
            if (!shorter._hasTail) return null;
        }
        else if (shorter._hasTail != longer._hasTail) return null;

        var tokens = longer._tokens.ToArray();
        for (var i = 0; i < shorter._tokens.Count; i++)
        {
            if (IsStar(tokens[i])) tokens[i] = shorter._tokens[i];
            else if (!IsStar(shorter._tokens[i]) && !shorter._tokens[i].Span.SequenceEqual(tokens[i].Span)) return null;
        }

        return new SubjectShape(tokens, longer._hasTail);
    }

    /// <summary>The subject of so many tokens that stands for all that match: every wildcard is <see cref="AnyToken"/>.</summary>
    internal byte[] Representative(int tokens)
    {
        var subject = new List<byte>(64);
        for (var i = 0; i < tokens; i++)
        {
            if (i > 0) subject.Add((byte)'.');
            if (i >= _tokens.Count || IsStar(_tokens[i])) subject.Add(AnyToken);
            else subject.AddRange(_tokens[i].Span);
        }

        return [.. subject];
    }

    private static bool IsStar(ReadOnlyMemory<byte> token) => token.Span is [(byte)'*'];
}
