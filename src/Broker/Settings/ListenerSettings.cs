using UdsBroker.Broker.Transport;

namespace UdsBroker.Broker.Settings;

/// <summary>The protocol of a listener.</summary>
public enum ListenerProtocol
{
    /// <summary>The frames of the UdsBroker wire.</summary>
    Udsb,

    /// <summary>Sends back every byte as it arrives.</summary>
    Echo,

    /// <summary>Sends the identity of the connection as 36 characters, on connect and for each received chunk.</summary>
    Identity,
}

/// <summary>
/// One listening socket, from <c>udsbroker.listeners.&lt;name&gt;</c> over <c>udsbroker.listener</c>; the defaults are in the reference
/// file alone.
/// </summary>
public sealed record ListenerSettings
{
    /// <summary>The name in the settings, which is also the name of the listener's actor.</summary>
    public required string Name { get; init; }

    /// <summary>A path, or <c>@name</c> for the abstract namespace. Already the default socket if the settings name none.</summary>
    public required string Path { get; init; }

    /// <summary>True when the path is the default one, whose directory the broker creates with mode 0700.</summary>
    public bool CreateDirectory { get; init; }

    /// <summary>Allow a sticky directory that others may write to, such as <c>/tmp</c>.</summary>
    public required bool SharedDirectory { get; init; }

    /// <summary>The kind of socket.</summary>
    public required UnixSocketType Type { get; init; }

    /// <summary>The most bytes of one packet, for the kinds of socket that have packets.</summary>
    public required int MaxPacket { get; init; }

    /// <summary>The least send buffer in bytes of a stream connection, if the kernel grants it; 0 for the kernel's default.</summary>
    public required int SendBuffer { get; init; }

    /// <summary>How many senders of datagrams have an identity at the same time.</summary>
    public required int MaxSenders { get; init; }

    /// <summary>The protocol that its clients speak.</summary>
    public required ListenerProtocol Protocol { get; init; }

    /// <summary>Permissions of the socket file; to connect, a process needs the write bit.</summary>
    public required UnixFileMode Mode { get; init; }

    /// <summary>The user whom the socket file belongs to; null for the broker's own.</summary>
    public uint? Owner { get; init; }

    /// <summary>The group of the socket file; null for the broker's own.</summary>
    public uint? Group { get; init; }

    /// <summary>Connections that may wait to be accepted.</summary>
    public required int Backlog { get; init; }

    /// <summary>Connections accepted within a second; 0 for no bound.</summary>
    public required int AcceptRate { get; init; }

    /// <summary>How often to check that the path still leads to the socket.</summary>
    public required TimeSpan CheckInterval { get; init; }

    /// <summary>How long to wait after an accept that failed for lack of descriptors or memory.</summary>
    public required TimeSpan AcceptPause { get; init; }

    /// <summary>The options with which the socket is created.</summary>
    public SocketFileOptions SocketOptions => new()
    {
        Type = Type,
        Mode = Mode,
        Owner = Owner,
        Group = Group,
        Backlog = Backlog,
        MaxPacket = MaxPacket,
        SendBuffer = SendBuffer,
        CreateDirectory = CreateDirectory,
        AllowStickyDirectory = SharedDirectory,
    };
}
