using System.Globalization;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace UdsBroker.Client;

/// <summary>
/// Checks which user listens, as the kernel reports it, before anything is sent. The credentials are those of the process that called
/// listen() (SO_PEERCRED, unix(7)), so a user who squats on a path in a shared directory is detected, as with PostgreSQL's requirepeer.
/// </summary>
internal static class ServerCheck
{
    private const int SolSocket = 1;
    private const int SoPeerCred = 17;

    /// <summary>The credentials of the other end: struct ucred is pid, uid and gid, 4 bytes each.</summary>
    public static PeerCredentials? Read(Socket socket)
    {
        Span<byte> ucred = stackalloc byte[12];
        try
        {
            if (socket.GetRawSocketOption(SolSocket, SoPeerCred, ucred) != ucred.Length) return null;
        }
        catch (SocketException)
        {
            return null;
        }

        ReadOnlySpan<int> fields = MemoryMarshal.Cast<byte, int>(ucred);
        return new PeerCredentials(fields[0], (uint)fields[1], (uint)fields[2]);
    }

    /// <summary>Why a server is not trusted; null when it is.</summary>
    public static ServerProblem? FindProblem(PeerCredentials? server, UdsBrokerOptions options, Func<uint> ownUid)
    {
        if (!options.VerifyServerUid) return null;
        if (server is not { } peer) return new ServerProblem("the kernel does not say who listens there");
        if (options.ExpectedServerUid is { } expected)
        {
            return peer.UserId == expected
                ? null
                : new ServerProblem($"the process that listens there runs as uid {peer.UserId}; expected is uid {expected}", "ExpectedServerUid says so.");
        }

        if (peer.UserId == PeerCredentials.UnknownId) return new ServerProblem($"the process that listens there runs as a user whom the kernel cannot name here (uid {PeerCredentials.UnknownId})");
        if (peer.UserId == 0) return null;
        uint own = ownUid();
        return peer.UserId == own
            ? null
            : new ServerProblem(
                $"the process that listens there runs as uid {peer.UserId}; expected is root or uid {own}, this process's own",
                $"If that is the broker's user, set ExpectedServerUid to {peer.UserId}.");
    }

    /// <summary>The effective uid of this process: the second number of the line Uid in /proc/self/status (proc(5)).</summary>
    public static uint OwnUid()
    {
        foreach (string line in File.ReadLines("/proc/self/status"))
        {
            if (!line.StartsWith("Uid:", StringComparison.Ordinal)) continue;
            return uint.Parse(line.Split('\t')[2], CultureInfo.InvariantCulture);
        }

        return PeerCredentials.UnknownId;
    }
}
