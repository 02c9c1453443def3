using System.Net.Sockets;
using System.Text;
using UdsBroker.Protocol;

namespace UdsBroker.Client;

/// <summary>
/// Where a broker listens, read from the text of <see cref="UdsBrokerOptions.Path"/>:
/// <code>
/// address = [ "unix:" ] path / "@" name
/// </code>
/// A sockaddr_un holds 108 bytes (unix(7)); .NET keeps one for the terminating zero, which leaves 107 for a path or for the name behind the leading zero
/// byte of the abstract namespace.
/// </summary>
internal sealed record SocketAddress(string Text, UnixDomainSocketEndPoint EndPoint)
{
    private const int MaxBytes = 107;

    /// <exception cref="ConnectFailedException">The text names no socket.</exception>
    public static SocketAddress Parse(string? text)
    {
        string address = text ?? DefaultSocket.OfThisProcess().Path;
        if (address.StartsWith("unix:", StringComparison.Ordinal)) address = address["unix:".Length..];
        bool isAbstract = address.StartsWith('@');
        string name = isAbstract ? address[1..] : address;
        if (name.Length == 0) throw Bad(address, "The address of the broker's socket is empty.");
        if (name.Contains('\0', StringComparison.Ordinal)) throw Bad(address, "The path of the broker's socket holds a zero character.");
        int bytes = Encoding.UTF8.GetByteCount(name);
        if (bytes > MaxBytes) throw Bad(address, $"The path of the broker's socket has {bytes} bytes; a Unix socket takes at most {MaxBytes}: \"{name}\". Use a shorter directory, or a relative path.");
        return new SocketAddress(address, new UnixDomainSocketEndPoint(isAbstract ? "\0" + name : name));
    }

    private static ConnectFailedException Bad(string address, string message) => new(ConnectFailure.BadPath, address, message);
}
