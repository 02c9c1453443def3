using System.Reflection;
using Akka.Configuration.Hocon;

namespace Akka.Configuration;

/// <summary>
/// Where a <see cref="Config"/> comes from: HOCON text, or HOCON text embedded in an assembly.
/// </summary>
public class ConfigurationFactory
{
    /// <summary>A new configuration without any key.</summary>
    public static Config Empty => ParseString("");

    /// <summary>Parses HOCON text.</summary>
    /// <param name="hocon">The text.</param>
    /// <param name="includeCallback">Answers <c>include "name"</c> statements; null if the text has none.</param>
    /// <exception cref="FormatException">The text is not HOCON, or a substitution names a path that the text does not define.</exception>
    /// <exception cref="ConfigurationException">Unquoted text holds '=' or ':'.</exception>
    public static Config ParseString(string hocon, Func<string, HoconRoot> includeCallback)
        => new(Parser.Parse(hocon, includeCallback));

    /// <inheritdoc cref="ParseString(string, Func{string, HoconRoot})"/>
    public static Config ParseString(string hocon) => ParseString(hocon, null);

    /// <summary>The reference configuration of the actor runtime: every default it has.</summary>
    public static Config Default() => FromResource("Akka.Configuration.akka.conf", typeof(ConfigurationFactory).Assembly);

    /// <summary>Parses a resource of an assembly.</summary>
    /// <param name="resourceName">Full name of the embedded resource.</param>
    /// <param name="instanceInAssembly">The assembly, or a type of it, or an object whose type is in it.</param>
    public static Config FromResource(string resourceName, object instanceInAssembly)
        => FromResource(resourceName, instanceInAssembly switch
        {
            Assembly assembly => assembly,
            Type type => type.Assembly,
            _ => instanceInAssembly.GetType().Assembly,
        });

    /// <summary>Parses a resource of the assembly that <typeparamref name="TAssembly"/> is in.</summary>
    public static Config FromResource<TAssembly>(string resourceName) => FromResource(resourceName, typeof(TAssembly).Assembly);

    /// <summary>Parses a resource of <paramref name="assembly"/>.</summary>
    public static Config FromResource(string resourceName, Assembly assembly)
    {
        using var stream = assembly.GetManifestResourceStream(resourceName)
            ?? throw new ArgumentNullException(nameof(resourceName), $"{assembly.GetName().Name} has no resource {resourceName}");
        using var reader = new StreamReader(stream);
        return ParseString(reader.ReadToEnd());
    }
}
