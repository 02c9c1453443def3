using System.Net.Sockets;
using System.Text;
using UdsBroker.Protocol;

namespace UdsBroker.Client;

/// <summary>
/// Where a broker listens, read from the text of <see cref="UdsBrokerOptions.Path"/>:
/// <code>
/// address = [ "unix:" / "unix-seqpacket:" / "unix-dgram:" ] ( path / "@" name )
/// </code>
/// A sockaddr_un holds 108 bytes (unix(7)); .NET keeps one for the terminating zero, which leaves 107 for a path or for the name behind the leading zero
/// byte of the abstract namespace.
/// </summary>
internal sealed record SocketAddress(string Text, SocketKind Kind, UnixDomainSocketEndPoint EndPoint)
{
    private static readonly (string Prefix, SocketKind Kind)[] Prefixes =
        [("unix:", SocketKind.Stream), ("unix-seqpacket:", SocketKind.SeqPacket), ("unix-dgram:", SocketKind.Dgram)];

    private const int MaxBytes = 107;

    /// <summary>True for an address in the abstract namespace, which has no file.</summary>
    public bool IsAbstract => Text.StartsWith('@');

    /// <summary>The kind that the prefix of an address names.</summary>
    public static SocketKind KindOf(string? text)
    {
        Strip(text ?? DefaultSocket.OfThisProcess().Path, out SocketKind kind);
        return kind;
    }

    /// <exception cref="ConnectFailedException">The text names no socket.</exception>
    public static SocketAddress Parse(string? text)
    {
        string address = Strip(text ?? DefaultSocket.OfThisProcess().Path, out SocketKind kind);
        bool isAbstract = address.StartsWith('@');
        string name = isAbstract ? address[1..] : address;
        if (name.Length == 0) throw Bad(address, "The address of the broker's socket is empty.");
        if (name.Contains('\0', StringComparison.Ordinal)) throw Bad(address, "The path of the broker's socket holds a zero character.");
        int bytes = Encoding.UTF8.GetByteCount(name);
        if (bytes > MaxBytes) throw Bad(address, $"The path of the broker's socket has {bytes} bytes; a Unix socket takes at most {MaxBytes}: \"{name}\". Use a shorter directory, or a relative path.");
        return new SocketAddress(address, kind, new UnixDomainSocketEndPoint(isAbstract ? "\0" + name : name));
    }

    private static string Strip(string address, out SocketKind kind)
    {
        foreach ((string prefix, SocketKind named) in Prefixes)
        {
            kind = named;
            if (address.StartsWith(prefix, StringComparison.Ordinal)) return address[prefix.Length..];
        }

        kind = SocketKind.Stream;
        return address;
    }

    private static ConnectFailedException Bad(string address, string message) => new(ConnectFailure.BadPath, address, message);
}
