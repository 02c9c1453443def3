namespace UdsBroker.Broker.Routing;

/// <summary>
/// What a token leads to in a <see cref="TokenMap{TEntry}"/>. It knows its token from what it holds anyway, so that the map keeps no bytes of its own: they
/// would be memory for each entry, and one more place to wait for.
/// </summary>
internal interface ITokenEntry
{
    /// <summary>The hash of its token.</summary>
    uint Hash { get; }

    /// <summary>Whether it is this token that leads here, of those with its hash.</summary>
    bool IsAt(ReadOnlySpan<byte> token);
}
