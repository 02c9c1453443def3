using System.Net.Sockets;
using System.Text;

namespace UdsBroker.Broker.Transport;

/// <summary>
/// The address of a Unix socket as an operator writes it: a path, or <c>@name</c> for the abstract namespace.
/// </summary>
/// <remarks>
/// <para>The kernel keeps an address in 108 bytes, unix(7). A path ends in a zero byte and so has at most 107 bytes of UTF-8; an
/// abstract name begins with one and so has at most 107 bytes as well. The broker itself could bind a longer path through
/// <c>/proc/self/fd</c>, but then ordinary clients could not connect to it, so a longer path is refused.</para>
/// <para>Since the broker binds through the descriptor of the directory, the temporary name it binds first costs nothing of the 107.</para>
/// </remarks>
public sealed class SocketPath
{
    /// <summary>The most bytes of UTF-8 that a path or the name of an abstract address may have.</summary>
    public const int MaxBytes = 107;

    private SocketPath(string text, bool isAbstract)
    {
        Text = text;
        IsAbstract = isAbstract;
    }

    /// <summary>The absolute path, or <c>@name</c>.</summary>
    public string Text { get; }

    /// <summary>True for an address in the abstract namespace: it has no file, no permissions and vanishes with its listener.</summary>
    public bool IsAbstract { get; }

    /// <summary>The directory of the file; empty for an abstract address.</summary>
    public string DirectoryName => IsAbstract ? "" : Path.GetDirectoryName(Text)!;

    /// <summary>The last component of the path, or the name of an abstract address.</summary>
    public string FileName => IsAbstract ? Text[1..] : Path.GetFileName(Text);

    /// <summary>Checks an address. A relative path is taken from the current directory.</summary>
    /// <param name="text">The path, or <c>@</c> and a name.</param>
    /// <exception cref="SocketFileException">It is too long, empty, names a directory, or holds a zero byte.</exception>
    public static SocketPath Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (text.Contains('\0', StringComparison.Ordinal))
            throw new SocketFileException(SocketFileReason.PathInvalid, "a socket path cannot hold a zero byte");
        if (text.StartsWith('@'))
            return ParseAbstract(text);
        if (text.Length == 0 || text.EndsWith('/'))
            throw new SocketFileException(SocketFileReason.PathInvalid, $"'{text}' does not name a socket file; give its full path");
        var path = Path.GetFullPath(text);
        CheckLength(path, Encoding.UTF8.GetByteCount(path));
        return new SocketPath(path, isAbstract: false);
    }

    /// <inheritdoc/>
    public override string ToString() => Text;

    /// <summary>The end point that a client of this machine connects to.</summary>
    internal UnixDomainSocketEndPoint ToEndPoint() => new(IsAbstract ? "\0" + Text[1..] : Text);

    private static SocketPath ParseAbstract(string text)
    {
        if (text.Length == 1)
            throw new SocketFileException(SocketFileReason.PathInvalid, "'@' needs a name after it to be an abstract address");
        CheckLength(text, Encoding.UTF8.GetByteCount(text) - 1);
        return new SocketPath(text, isAbstract: true);
    }

    private static void CheckLength(string text, int bytes)
    {
        if (bytes > MaxBytes)
        {
            throw new SocketFileException(
                SocketFileReason.PathTooLong,
                $"the socket path {text} has {bytes} bytes and the limit is {MaxBytes}; choose a shorter one");
        }
    }
}
