namespace UdsBroker.Client;

/// <summary>
/// Decides whether a socket for datagrams is trusted. The kernel does not say who reads datagrams, so only trusted users may have been able
/// to put a socket there: root, this user, and <see cref="UdsBrokerOptions.ExpectedServerUid"/>. They must own the socket, its directory,
/// every directory above it, and the links among these. Others must not be able to write to any of them, except that a directory further up
/// may be a sticky one such as <c>/tmp</c>.
/// </summary>
internal static class DatagramCheck
{
    private const string What = "and the kernel does not say who reads datagrams";
    private const string Advice = "If that is no risk here, turn VerifyServerUid off.";

    /// <summary>Why the socket is not trusted; null when it is, or does not exist.</summary>
    public static ServerProblem? FindProblem(SocketAddress address, UdsBrokerOptions options)
    {
        if (address.IsAbstract) return new ServerProblem($"any user may take an abstract address, {What}", Advice);
        uint own = ServerCheck.OwnUid();
        uint[] trusted = options.ExpectedServerUid is { } expected ? [0, own, expected] : [0, own];
        string socket = Path.GetFullPath(address.Text);
        string? directory = Path.GetDirectoryName(socket);
        for (string? place = socket; place is not null; place = Path.GetDirectoryName(place))
        {
            if (FindUntrustedOwner(place, trusted) is { } foreigner)
            {
                return new ServerProblem(
                    $"{place} belongs to uid {foreigner}; expected is root or uid {options.ExpectedServerUid ?? own}, {What}",
                    $"If that is the broker's user, set ExpectedServerUid to {foreigner}.");
            }

            if (place != socket && IsWritableByOthers(place, isOnTheWay: place != directory)) return new ServerProblem($"others may write to {place}, {What}", Advice);
        }

        return null;
    }

    /// <summary>The owner of the file or of the link that leads to it, if that is not a trusted user.</summary>
    private static uint? FindUntrustedOwner(string place, uint[] trusted)
    {
        foreach (bool followLink in (ReadOnlySpan<bool>)[false, true])
        {
            if (FileStatus.Read(place, followLink) is { } status && !trusted.Contains(status.Uid)) return status.Uid;
        }

        return null;
    }

    private static bool IsWritableByOthers(string directory, bool isOnTheWay) =>
        FileStatus.Read(directory, followLink: true) is { } status && (isOnTheWay ? status.IsOpenToAll : status.IsWritableByOthers);
}
