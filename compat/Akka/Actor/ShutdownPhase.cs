using Akka.Configuration;

namespace Akka.Actor;

/// <summary>One phase of the coordinated shutdown, as configured.</summary>
internal sealed record ShutdownPhase(string Name, IReadOnlyList<string> DependsOn, TimeSpan Timeout, bool Recover)
{
    /// <summary>Reads the phases of <c>akka.coordinated-shutdown</c>.</summary>
    public static Dictionary<string, ShutdownPhase> FromConfig(Config config)
    {
        var phases = config.GetConfig("phases");
        var defaultTimeout = config.GetTimeSpan("default-phase-timeout");
        var read = new Dictionary<string, ShutdownPhase>();
        foreach (var (key, _) in phases.AsEnumerable())
        {
            var name = key.Trim('"');
            var phase = phases.GetConfig(key);
            read[name] = phase.IsNullOrEmpty()
                ? new ShutdownPhase(name, [], defaultTimeout, true)
                : new ShutdownPhase(
                    name,
                    [.. phase.GetStringList("depends-on", [])],
                    phase.GetTimeSpan("timeout", defaultTimeout, allowInfinite: false),
                    phase.GetBoolean("recover", true));
        }

        return read;
    }

    /// <summary>An order in which every phase comes after those that it depends on.</summary>
    /// <exception cref="ArgumentException">A phase depends on itself.</exception>
    public static List<string> Sort(Dictionary<string, ShutdownPhase> phases)
    {
        var sorted = new List<string>();
        var open = new HashSet<string>();
        var done = new HashSet<string>();
        foreach (var name in phases.Keys) Visit(name);
        return sorted;

        void Visit(string name)
        {
            if (done.Contains(name)) return;
            if (!open.Add(name))
                throw new ArgumentException($"Cycle detected in graph of phases. It must be a DAG. phase [{name}] depends transitively on itself.");
            if (phases.TryGetValue(name, out var phase))
                foreach (var before in phase.DependsOn) Visit(before);
            open.Remove(name);
            done.Add(name);
            sorted.Add(name);
        }
    }
}
