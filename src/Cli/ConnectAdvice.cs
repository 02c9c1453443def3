using UdsBroker.Cli.Options;
using UdsBroker.Client;

namespace UdsBroker.Cli;

/// <summary>
/// Advice for a failed connection, in terms of the command line. The library's own advice names its options, which differ.
/// </summary>
internal static class ConnectAdvice
{
    internal static string Describe(ConnectFailedException error) => error.Failure switch
    {
        ConnectFailure.NotFound => $"{error.Problem} (--socket or $UDSBROKER_SOCKET chooses another.)",
        ConnectFailure.WrongServerUid => $"{error.Problem} (--server-user or ${ServerUserOption.Variable} names the user of a broker that listens; --unverified trusts anybody.)",
        _ => error.Problem,
    };
}
