namespace UdsBroker.Protocol;

/// <summary>The options of HELLO. All are told by the client and prove nothing; the kernel's word is in WELCOME.</summary>
public sealed record HelloOptions
{
    /// <summary><c>name</c>: what people should call this client in logs and presence. Default none.</summary>
    public string? Name { get; init; }

    /// <summary><c>lang</c>: the language of the client library, such as <c>dotnet</c>. Default none.</summary>
    public string? Lang { get; init; }

    /// <summary><c>version</c>: the version of the client library. Default none.</summary>
    public string? LibraryVersion { get; init; }

    /// <summary><c>will</c>: what the broker publishes when the connection ends other than in order. Default none.</summary>
    public LastWill? Will { get; init; }
}
