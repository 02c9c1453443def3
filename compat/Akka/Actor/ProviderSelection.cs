namespace Akka.Actor;

/// <summary>Which kind of system is made. Only local ones exist here.</summary>
public abstract class ProviderSelection
{
    private ProviderSelection()
    {
    }

    /// <summary>A system within one process.</summary>
    public sealed class Local : ProviderSelection
    {
        public static readonly Local Instance = new();

        private Local()
        {
        }
    }
}
