namespace UdsBroker.Protocol;

/// <summary>
/// A message that the broker publishes on behalf of a client whose connection does not end in order, with that connection's identity as its
/// sender: the option <c>will</c> of HELLO. The broker decides whether it may be published. PROTOCOL.md, "HELLO".
/// </summary>
/// <param name="Subject">Where to; 1 to 255 bytes of UTF-8.</param>
/// <param name="Payload">The content. HELLO as a whole has a limit, <see cref="Limits.MaxHelloBytes"/>.</param>
public sealed record LastWill(string Subject, ReadOnlyMemory<byte> Payload)
{
    /// <summary>Names and values; default none.</summary>
    public IReadOnlyDictionary<string, string>? Headers { get; init; }

    /// <summary>The subject to answer to; default none.</summary>
    public string? Reply { get; init; }
}
