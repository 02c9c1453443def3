using Akka.Configuration;
using Akka.Configuration.Hocon;

namespace UdsBroker.Broker.Settings;

/// <summary>
/// Finds substitutions that refer to themselves, as in <c>level = ${udsbroker.log.level}</c>: reading such a value from the runtime, or
/// just its type, overflows the stack and ends the process.
/// </summary>
internal static class HoconLoops
{
    /// <summary>The path of one of them, or null.</summary>
    internal static string? Find(Config config) => config.Substitutions?.FirstOrDefault(LeadsToItself)?.Path;

    private static bool LeadsToItself(HoconSubstitution substitution)
    {
        var seen = new HashSet<HoconValue>(ReferenceEqualityComparer.Instance);
        var open = new Stack<HoconValue>([substitution.ResolvedValue]);
        while (open.TryPop(out var value))
        {
            if (value is null || !seen.Add(value)) continue;
            foreach (var piece in value.Values)
            {
                if (ReferenceEquals(piece, substitution)) return true;
                foreach (var next in Within(piece)) open.Push(next);
            }
        }

        return false;
    }

    private static IEnumerable<HoconValue> Within(IHoconElement piece) => piece switch
    {
        HoconSubstitution other => [other.ResolvedValue],
        HoconArray array => array,
        HoconObject block => block.Items.Values,
        _ => [],
    };
}
