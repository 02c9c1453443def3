namespace UdsBroker.Client;

/// <summary>
/// Trust in a socket for datagrams. The kernel does not say who reads those, so nobody may be able to have put a socket in its place but those who are
/// trusted anyway: root, this user, and <see cref="UdsBrokerOptions.ExpectedServerUid"/>. To them must belong the socket, its directory, every directory on the way
/// to that, and the links among these; others may write to none of them, except on the way to a sticky one such as <c>/tmp</c>.
/// </summary>
internal static class DatagramCheck
{
    private const string What = "and the kernel does not say who reads datagrams";
    private const string Advice = "If that is no risk here, turn VerifyServerUid off.";

    /// <summary>What is wrong; null when it may be trusted, or is not there.</summary>
    public static ServerProblem? FindProblem(SocketAddress address, UdsBrokerOptions options)
    {
        if (address.IsAbstract) return new ServerProblem($"any user may take an abstract address, {What}", Advice);
        uint own = ServerCheck.OwnUid();
        uint[] trusted = options.ExpectedServerUid is { } expected ? [0, own, expected] : [0, own];
        string socket = Path.GetFullPath(address.Text);
        string? directory = Path.GetDirectoryName(socket);
        for (string? place = socket; place is not null; place = Path.GetDirectoryName(place))
        {
            if (FindForeigner(place, trusted) is { } foreigner)
            {
                return new ServerProblem(
                    $"{place} belongs to uid {foreigner}; expected is root or uid {options.ExpectedServerUid ?? own}, {What}",
                    $"If that is the broker's user, set ExpectedServerUid to {foreigner}.");
            }

            if (place != socket && IsOpen(place, isOnTheWay: place != directory)) return new ServerProblem($"others may write to {place}, {What}", Advice);
        }

        return null;
    }

    /// <summary>The owner of what is there, or of the link that leads to it, if that is somebody else.</summary>
    private static uint? FindForeigner(string place, uint[] trusted)
    {
        foreach (bool followLink in (ReadOnlySpan<bool>)[false, true])
        {
            if (FileStatus.Read(place, followLink) is { } status && !trusted.Contains(status.Uid)) return status.Uid;
        }

        return null;
    }

    private static bool IsOpen(string directory, bool isOnTheWay) =>
        FileStatus.Read(directory, followLink: true) is { } status && (isOnTheWay ? status.IsOpenToAll : status.IsWritableByOthers);
}
