using System.Reflection;
using Akka.Actor;

namespace UdsBroker.Broker.Hosting;

/// <summary>The versions of the program and its parts, as shown to people.</summary>
internal static class ProductVersions
{
    /// <summary>The version of the broker, which WELCOME names too.</summary>
    public static string Broker { get; } = Informational(typeof(ProductVersions).Assembly);

    /// <summary>The actor runtime that was built in.</summary>
    public static string ActorRuntime { get; } = $"Akka.NET {Informational(typeof(ActorSystem).Assembly)}";

    /// <summary>The runtime under all of it.</summary>
    public static string Framework { get; } = $".NET {Environment.Version}";

    /// <summary>The answer to <c>--version</c>.</summary>
    public static string Line { get; } = $"udsbroker {Broker} ({ActorRuntime}, {Framework})";

    /// <summary>The one line of a healthy broker.</summary>
    public static string StartLine(IEnumerable<string> addresses) =>
        $"udsbroker {Broker} listening on {string.Join(", ", addresses)} ({ActorRuntime}, {Framework}, pid {Environment.ProcessId})";

    // Without the build's revision, which follows a plus sign.
    private static string Informational(Assembly assembly)
    {
        var version = assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion;
        return (version ?? assembly.GetName().Version?.ToString() ?? "of unknown version").Split('+')[0];
    }
}
