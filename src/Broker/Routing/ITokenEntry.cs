namespace UdsBroker.Broker.Routing;

/// <summary>
/// An entry of a <see cref="TokenMap{TEntry}"/>. It knows its token from what it holds anyway, so that the map needs no copy of the token's
/// bytes, which would cost memory and a cache miss.
/// </summary>
internal interface ITokenEntry
{
    /// <summary>The hash of its token.</summary>
    uint Hash { get; }

    /// <summary>Whether this is the entry's token, among tokens with the same hash.</summary>
    bool IsAt(ReadOnlySpan<byte> token);
}
