namespace UdsBroker.Protocol;

/// <summary>
/// A message that the broker publishes for a client whose connection ends other than in order, with that connection's identity as its sender:
/// the option <c>will</c> of HELLO. Whether it can be published is for the broker to judge. PROTOCOL.md, "HELLO".
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
