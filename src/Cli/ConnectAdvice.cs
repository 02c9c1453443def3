using UdsBroker.Cli.Options;
using UdsBroker.Client;

namespace UdsBroker.Cli;

/// <summary>What whoever types commands can do about a connection that could not be made. The library names its own options, which are not those of a command line.</summary>
internal static class ConnectAdvice
{
    internal static string Describe(ConnectFailedException error) => error.Failure switch
    {
        ConnectFailure.NotFound => $"{error.Problem} (--socket or $UDSBROKER_SOCKET chooses another.)",
        ConnectFailure.WrongServerUid => $"{error.Problem} (--server-user or ${ServerUserOption.Variable} names the user of a broker that listens; --unverified trusts anybody.)",
        _ => error.Problem,
    };
}
