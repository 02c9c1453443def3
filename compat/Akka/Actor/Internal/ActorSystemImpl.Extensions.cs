using System.Collections.Concurrent;
using Akka.Event;

namespace Akka.Actor.Internal;

/// <summary>The extensions of a system: each is created once, by whoever registers it first.</summary>
public partial class ActorSystemImpl
{
    private readonly ConcurrentDictionary<Type, Lazy<object>> _extensions = new();

    public override object RegisterExtension(IExtensionId extension)
    {
        if (extension is null) return null;
        return _extensions.GetOrAdd(
            extension.ExtensionType,
            static (_, made) => new Lazy<object>(() => made.extension.CreateExtension(made.system)),
            (extension, system: this)).Value;
    }

    public override object GetExtension(IExtensionId extensionId)
    {
        TryGetExtension(extensionId.ExtensionType, out var extension);
        return extension;
    }

    public override T GetExtension<T>()
    {
        TryGetExtension(out T extension);
        return extension;
    }

    public override bool TryGetExtension(Type extensionType, out object extension)
    {
        var found = _extensions.TryGetValue(extensionType, out var lazy);
        extension = found ? lazy.Value : null;
        return found;
    }

    public override bool TryGetExtension<T>(out T extension)
    {
        var found = TryGetExtension(typeof(T), out var untyped);
        extension = untyped as T;
        return found;
    }

    public override bool HasExtension(Type type) => typeof(IExtension).IsAssignableFrom(type) && _extensions.ContainsKey(type);

    public override bool HasExtension<T>() => _extensions.ContainsKey(typeof(T));

    private void LoadExtensions()
    {
        foreach (var name in Settings.Config.GetStringList("akka.extensions", []))
        {
            var type = Type.GetType(name);
            if (type is null || type.IsAbstract || !typeof(IExtensionId).IsAssignableFrom(type))
            {
                Log.Error("[{0}] is not an 'ExtensionId', skipping...", name);
                continue;
            }

            try
            {
                RegisterExtension((IExtensionId)Activator.CreateInstance(type));
            }
            catch (Exception e)
            {
                Log.Error(e, "While trying to load extension [{0}], skipping...", name);
            }
        }
    }
}
