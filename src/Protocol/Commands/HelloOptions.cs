namespace UdsBroker.Protocol;

/// <summary>
/// The options of HELLO. They are the client's own statements and prove nothing; WELCOME has what the kernel says about the peer.
/// </summary>
public sealed record HelloOptions
{
    /// <summary><c>name</c>: what people should call this client in logs and presence. Default none.</summary>
    public string? Name { get; init; }

    /// <summary><c>lang</c>: the language of the client library, such as <c>dotnet</c>. Default none.</summary>
    public string? Lang { get; init; }

    /// <summary><c>version</c>: the version of the client library. Default none.</summary>
    public string? LibraryVersion { get; init; }

    /// <summary><c>will</c>: what the broker publishes when the connection does not end in order. Default none.</summary>
    public LastWill? Will { get; init; }
}
