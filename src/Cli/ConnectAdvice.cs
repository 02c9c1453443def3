using UdsBroker.Cli.Options;
using UdsBroker.Client;

namespace UdsBroker.Cli;

/// <summary>What whoever types commands can do about a connection that could not be made. The library names its own options, which are not those of a command line.</summary>
internal static class ConnectAdvice
{
    internal static string Describe(ConnectFailedException error) => error.Failure switch
    {
        ConnectFailure.NotFound => $"{error.Problem} (--socket or $UDSBROKER_SOCKET chooses another.)",
        ConnectFailure.WrongServerUid when error.Problem.StartsWith("The listener", StringComparison.Ordinal) => $"{error.Problem} If that is the broker's user, name it by --server-user or ${ServerUserOption.Variable}; --unverified trusts whoever it is.",
        ConnectFailure.WrongServerUid => $"{error.Problem} If it may be trusted all the same, say --unverified.",
        _ => error.Problem,
    };
}
